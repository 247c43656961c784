/** Sizes of a connector's channel, on both of its sides. */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  BotError,
  ConnectorConfigError,
  ConnectorRunner,
  ConnectorRunnerError,
  ConnectorStartupError,
  DEFAULT_CHANNEL_SIZES,
  NativeBot,
  probeChannel,
  readChannelConfig,
} from "@hftlive/hftlive";
import { writeChannelFile } from "../../../lib/connector/channel/channel_file.ts";
import { nativeReady } from "../../support/native_ready.ts";
import { uniqueConnectorName } from "../../support/sim_connector.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import {
  BTCUSDT,
  ENDLESS,
  namesIn,
  scriptOptions,
  scriptRunner,
  SIM_CONFIG,
  simRunner,
  untilPrinted,
} from "./support.ts";

const ignore = nativeReady() !== undefined;
const VARIABLE = "HFTBACKTEST_CHANNEL_CONFIG";
const SIZES = { bufferSize: 300, maxBots: 3 };
const PRINTS_ITS_FILE = `echo "file $${VARIABLE}"; cat "$${VARIABLE}"; exec sleep 1000`;

Deno.test("channel: a file of sizes is read, or told what is wrong in it", async () => {
  await using directory = await TempDirectory.create();
  const read = async (text: string) => readChannelConfig(await directory.write("c.toml", text));
  assertEquals(await read("max_bots = 2\nother = 1\nbuffer_size = 30\n"), {
    bufferSize: 30,
    maxBots: 2,
  });
  const cases: readonly (readonly [text: string, ...problems: string[]])[] = [
    ["", 'c.toml: missing key "buffer_size"', 'c.toml: missing key "max_bots"'],
    ["buffer_size = 1\n", 'c.toml: missing key "max_bots"'],
    [
      "max_bots = 0\nbuffer_size = 16777217\n",
      "c.toml:2: buffer_size: expected a whole number from 1 to 16777216, is 16777217",
      "c.toml:1: max_bots: expected a whole number from 1 to 65536, is 0",
    ],
    ['buffer_size = "9"\nmax_bots = 1.5\n', "is 9", "is 1.5"],
    ["buffer_size = = 1\n", "c.toml:1: not valid TOML"],
  ];
  for (const [text, ...expected] of cases) {
    const error = await assertRejects(() => read(text), ConnectorConfigError);
    assertEquals(error.problems.length, expected.length, error.message);
    expected.forEach((part) => assertStringIncludes(error.message, part));
  }
  const absent = assertThrows(() => readChannelConfig("/nowhere/c.toml"), ConnectorConfigError);
  assertEquals(
    absent.message,
    "Cannot read the sizes of channels: /nowhere/c.toml: no such file",
  );
});

Deno.test("channel: the file is there, private and whole, for as long as the process", async () => {
  await using directory = await TempDirectory.create();
  const options = await scriptOptions(directory, PRINTS_ITS_FILE, { channel: SIZES });
  await using runner = new ConnectorRunner(options);
  assertEquals(runner.channel, undefined);
  const path = directory.file(`run/${runner.connectorName}.channel.toml`);
  for (let round = 0; round < 2; round++) {
    await runner.start();
    assertEquals([runner.channel?.sizes, runner.channel?.configPath], [SIZES, path]);
    assertEquals(readChannelConfig(path), SIZES);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    await untilPrinted(runner, "max_bots = 3");
    assert(runner.output.some(({ raw }) => raw === `file ${path}`));
    assert(runner.output.some(({ raw }) => raw === "buffer_size = 300"));
    await runner.stop();
    assertEquals(await namesIn(options.runtimeDirectory!), []);
  }
});

Deno.test("channel: what is left out is the default", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(directory, ENDLESS, { channel: { maxBots: 3 } });
  await runner.start();
  assertEquals(runner.channel?.sizes, { ...DEFAULT_CHANNEL_SIZES, maxBots: 3 });
});

Deno.test("channel: nothing is written for a file that the environment names", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("c.toml", "buffer_size = 5\nmax_bots = 2\n");
  await using runner = await scriptRunner(directory, PRINTS_ITS_FILE, {
    env: { [VARIABLE]: path },
  });
  await runner.start();
  assertEquals(runner.channel?.sizes, { bufferSize: 5, maxBots: 2 });
  assertEquals(runner.channel?.configPath, path);
  await untilPrinted(runner, `file ${path}`);
  assertEquals(await namesIn(directory.file("run")), [`${runner.connectorName}.lock`]);
});

Deno.test("channel: a file that the engine would pass over is an error before the start", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("c.toml", "buffer_size = 5\n");
  await using runner = await scriptRunner(directory, ENDLESS, { env: { [VARIABLE]: path } });
  const error = await assertRejects(() => runner.start(), ConnectorConfigError);
  assertEquals(error.message, `Cannot read the sizes of channels: ${path}: missing key "max_bots"`);
  assertEquals([runner.state, await namesIn(directory.file("run"))], ["ended", []]);
});

Deno.test("channel: what a killed runner left behind is replaced, what a living one keeps is not", async () => {
  await using directory = await TempDirectory.create();
  const name = uniqueConnectorName();
  const path = await directory.write(`${name}.channel.toml`, "left behind");
  await Deno.chmod(directory.path, 0o700);
  using first = await writeChannelFile(name, SIZES, directory.path);
  assertEquals([first.path, readChannelConfig(path)], [path, SIZES]);
  const error = await assertRejects(
    () => writeChannelFile(name, DEFAULT_CHANNEL_SIZES, directory.path),
    ConnectorRunnerError,
  );
  assertEquals(
    error.message,
    `Cannot write ${path}: another process keeps the sizes of connector ${name} in it`,
  );
  assertEquals(readChannelConfig(path), SIZES);
  assertEquals(await namesIn(directory.path), [`${name}.channel.toml`]);
  first[Symbol.dispose]();
  using again = await writeChannelFile(name, DEFAULT_CHANNEL_SIZES, directory.path);
  assertEquals(readChannelConfig(again.path), DEFAULT_CHANNEL_SIZES);
});

Deno.test({
  name: "channel: connector and bots have the sizes that were asked for",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    await using runner = await simRunner(directory, SIM_CONFIG, { channel: SIZES });
    await runner.start();
    // Its own bot registers with them too.
    assert((await runner.waitForReady({ level: "fresh", ...BTCUSDT })).ready);
    const connector = runner.connectorName;
    const instruments = [{ connector, ...BTCUSDT }];
    assertEquals(probeChannel(connector).sizes, SIZES);
    // One that asks for nothing takes the channel as it is.
    using bot = new NativeBot({ instruments });
    using _second = new NativeBot({ instruments, channel: SIZES });
    assertEquals(probeChannel(connector).bots, 2);
    for (
      const [channel, asked] of [
        [{ bufferSize: 301, maxBots: 1 }, "301 messages for 1 bot"],
        [{ bufferSize: 1, maxBots: 4 }, "1 message for each of at most 4 bots"],
      ] as const
    ) {
      const error = assertThrows(() => new NativeBot({ instruments, channel }), BotError);
      assertEquals(error.reason, "buildFailed");
      assertStringIncludes(error.message, `Cannot use channel ${connector}/ToBot`);
      assertStringIncludes(error.message, "it holds 300 messages for each of at most 3 bots");
      assertStringIncludes(error.message, `this bot asks for ${asked}`);
    }
    using _third = new NativeBot({ instruments });
    const crowd = assertThrows(() => new NativeBot({ instruments }), BotError);
    assertStringIncludes(crowd.message, "it has as many bots as it was made for");
    assertEquals(bot.connection(0).overflows, 0);
  },
});

Deno.test({
  name: "channel: a connector that needs more than bots have made says so",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    await using runner = await simRunner(directory, SIM_CONFIG, {
      channel: { bufferSize: 301, maxBots: 3 },
    });
    const instruments = [{ connector: runner.connectorName, ...BTCUSDT }];
    const bot = new NativeBot({ instruments, channel: SIZES });
    try {
      const error = await assertRejects(async () => {
        await runner.start();
        await runner.waitForReady();
      }, ConnectorStartupError);
      assertStringIncludes(
        error.message,
        "bots have made its channel before it, with 300 messages for each of at most 3 bots, and it " +
          "asks for 301 messages for each of at most 3 bots",
      );
    } finally {
      bot.close();
    }
    await runner.stop();
    await runner.start();
    assert((await runner.waitForReady({ level: "fresh", ...BTCUSDT })).ready);
  },
});
