/** Wrong command lines and configurations, with hftbacktest's own connector. */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConnectorConfigError, ConnectorStartupError } from "@hftlive/hftlive";
import { TempDirectory } from "../../support/temp_directory.ts";
import { script } from "../runner/support.ts";
import { closedPort, configFor, real, REAL_CONNECTOR, realRunner } from "./support.ts";

real("a symbol in place of the type is told in its words", async () => {
  await using directory = await TempDirectory.create();
  const binaryPath = await script(directory, `exec ${REAL_CONNECTOR} "$1" BTCUSDT "$3"`);
  await using runner = await realRunner(directory, configFor(closedPort()), { binaryPath });
  const error = await assertRejects(async () => {
    await runner.start();
    await runner.waitForReady();
  }, ConnectorStartupError);
  assertEquals(error.exitCode, 1);
  assertStringIncludes(error.message, "This connector doesn't exist. connector=BTCUSDT");
});

const MISTAKES: readonly (readonly [what: string, config: string, ours: string, its: string])[] = [
  ["a missing key", 'stream_url = "ws://127.0.0.1:9/ws"\n', 'missing key "api_url"', "api_url"],
  ["no TOML", "stream_url = [\n", "not valid TOML", "unclosed array"],
  [
    "a number for a text",
    `${configFor(9)}api_key = 1\nsecret = "s"\n`,
    "expected a text in quotes",
    "expected a string",
  ],
];

for (const [what, config, ours, its] of MISTAKES) {
  real(`${what} is refused before the start; unchecked, its words are told`, async () => {
    await using directory = await TempDirectory.create();
    await using checked = await realRunner(directory, config);
    const refusal = await assertRejects(() => checked.start(), ConnectorConfigError);
    assertStringIncludes(refusal.message, ours);
    await using unchecked = await realRunner(directory, config, { validateConfig: false });
    const error = await assertRejects(async () => {
      await unchecked.start();
      await unchecked.waitForReady();
    }, ConnectorStartupError);
    assertEquals(error.exitCode, 1);
    assertStringIncludes(error.message, "Couldn't build the BinanceFutures connector.");
    assertStringIncludes(error.message, its);
  });
}

real("what it ignores is refused: an unknown key", async () => {
  await using directory = await TempDirectory.create();
  const config = `${configFor(closedPort())}strem_url = "x"\n`;
  await using checked = await realRunner(directory, config);
  const refusal = await assertRejects(() => checked.start(), ConnectorConfigError);
  assertStringIncludes(refusal.message, 'unknown key "strem_url", did you mean "stream_url"');
  await using unchecked = await realRunner(directory, config, { validateConfig: false });
  await unchecked.start();
  assertEquals((await unchecked.waitForReady()).ready, true);
});
