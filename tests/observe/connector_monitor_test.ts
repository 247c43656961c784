import { assertEquals } from "@std/assert";
import { ControlClient } from "../../lib/connector/supervisor/control_client.ts";
import { ControlServer } from "../../lib/connector/supervisor/control_server.ts";
import { Supervisor } from "../../lib/connector/supervisor/supervisor.ts";
import { ConnectorMonitor } from "../../lib/observe/connectors/connector_monitor.ts";
import { ENDLESS, until } from "../connector/runner/support.ts";
import { scriptSettings, settingsOf } from "../connector/supervisor/support.ts";
import { TempDirectory } from "../support/temp_directory.ts";

Deno.test("a supervisor that comes back is followed again, and its old lines do not come twice", async () => {
  await using directory = await TempDirectory.create();
  const socket = directory.file("run/control.sock");
  const texts: string[] = [];
  await using monitor = new ConnectorMonitor(new ControlClient(socket), {
    onLine: ({ message }) => texts.push(message),
  });
  assertEquals(monitor.view.failure, "the supervisor was not asked yet");
  for (const word of ["first", "second"]) {
    const connector = await scriptSettings(directory, `echo "${word}"; ${ENDLESS}`);
    await using supervisor = await Supervisor.create(settingsOf(directory, connector));
    await using _server = await ControlServer.listen(supervisor, socket);
    supervisor.start();
    await until(`${word} is shown`, () => texts.includes(word));
    await until("it answers", () => monitor.view.failure === undefined);
    assertEquals(monitor.view.value?.connectors[0]?.name, connector.name);
  }
  assertEquals(texts.filter((text) => ["first", "second"].includes(text)), ["first", "second"]);
  await until("it is gone", () => monitor.view.failure !== undefined);
});
