/** Sizes of the channels of a supervisor's connectors. */

import { assert, assertEquals } from "@std/assert";
import { probeChannel, readChannelConfig } from "@hftlive/hftlive";
import { nativeReady } from "../../support/native_ready.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import { BTCUSDT, until } from "../runner/support.ts";
import { pidOf, scriptSettings, simSettings, SYNTHETIC, untilState, watched } from "./support.ts";

const SIZES = { bufferSize: 3_000, maxBots: 4 };

Deno.test({
  name: "channel: connector, readiness and watchdog share the sizes, over restarts",
  ignore: nativeReady() !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const settings = await simSettings(directory, SYNTHETIC, {
      channel: SIZES,
      watchdog: { symbols: [{ ...BTCUSDT, feedTimeoutMs: 60_000 }] },
    });
    const { name } = settings;
    let path: string;
    {
      await using run = await watched(directory, [settings]);
      const { supervisor } = run;
      assertEquals(supervisor.status(name).connectors[0]?.channel, {
        sizes: SIZES,
        configPath: null,
      });
      supervisor.start();
      await untilState(supervisor, name, "ready");
      const channel = supervisor.status(name).connectors[0]?.channel;
      path = channel?.configPath ?? "";
      assertEquals(channel?.sizes, SIZES);
      assertEquals(path.split("/").at(-1), `${name}.channel.toml`);
      assertEquals(readChannelConfig(path), SIZES);
      assertEquals(probeChannel(name).sizes, SIZES);
      await until("a feed", () => supervisor.status(name).connectors[0]!.feeds[0]?.seen === true);

      const inode = (await Deno.stat(path)).ino;
      const pid = pidOf(supervisor, name);
      Deno.kill(pid, "SIGKILL");
      await until("a restart", () => {
        const [status] = supervisor.status(name).connectors;
        // Bots that come in between find it too.
        assertEquals(status?.channel?.configPath, path);
        assertEquals(readChannelConfig(path), SIZES);
        return status?.state.status === "ready" && status.pid !== pid;
      });
      assertEquals((await Deno.stat(path)).ino, inode);
      assertEquals(probeChannel(name).sizes, SIZES);
    }
    assert(!await exists(path));
  },
});

Deno.test("channel: sizes that cannot be kept are a failure like any other", async () => {
  await using directory = await TempDirectory.create();
  const settings = await scriptSettings(directory, "exec sleep 1000", { channel: SIZES });
  await using first = await watched(directory, [settings]);
  first.supervisor.start();
  await untilState(first.supervisor, settings.name, "ready");
  await using second = await watched(directory, [settings]);
  second.supervisor.start();
  await untilState(second.supervisor, settings.name, "failed");
  const [status] = second.supervisor.status(settings.name).connectors;
  assert(
    status?.lastFailure?.includes("another process keeps the sizes of connector"),
    status?.lastFailure ?? "",
  );
  assertEquals(
    readChannelConfig(first.supervisor.status().connectors[0]!.channel!.configPath!),
    SIZES,
  );
});

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
