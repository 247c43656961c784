/**
 * Each command that needs an engine, a connector or a supervisor, with exactly the permissions that
 * it declares, and with one of them taken away.
 */

import { nativeReady } from "../support/native_ready.ts";
import { uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { checkCall, environmentIn } from "./permission_calls.ts";
import { liveCalls, supervisorCalls } from "./permission_live_calls.ts";
import { prepareConnector, prepareScene } from "./permission_scene.ts";
import { startCli } from "./run_cli.ts";

const ignore = nativeReady() !== undefined;

Deno.test({
  name: "live commands run with exactly the permissions that they declare, and use them",
  ignore,
  async fn(t) {
    await using directory = await TempDirectory.create();
    await prepareScene(directory);
    const name = uniqueConnectorName();
    await prepareConnector(directory, name);
    const env = environmentIn(directory);
    await using supervisor = startCli(
      ["connector", "up", "--file", directory.file("sims.toml")],
      { permissions: ["-A"], env },
    );
    await supervisor.prints("stdout", / ready: /);
    for (const call of liveCalls(directory, name)) {
      await t.step(call.title, () => checkCall(call, env));
    }
    supervisor.kill("SIGTERM");
    await supervisor.ended;
  },
});

Deno.test({
  name: "connector up runs with exactly the permissions that it declares, and uses them",
  ignore,
  async fn(t) {
    await using directory = await TempDirectory.create();
    await prepareScene(directory);
    await prepareConnector(directory, uniqueConnectorName());
    for (const call of supervisorCalls(directory)) {
      await t.step(call.title, () => checkCall(call, environmentIn(directory)));
    }
  },
});
