/** The commands of examples/README.md, run as they stand there. */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import type { RunningCli } from "../cli/run_cli.ts";
import { inCheckout } from "../support/checkout.ts";
import { nativeReady, simConnectorPath } from "../support/native_ready.ts";
import {
  type SimConnector,
  startSimConnector,
  uniqueConnectorName,
} from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { readmeRows, startRow } from "./readme_table.ts";

/** What an example prints when it did its work. */
interface Expectation {
  /** What its reader does while it runs; nothing if left out. */
  readonly during?: (run: RunningCli) => Promise<void>;
  /** Is in its standard output at the end. */
  readonly prints: RegExp;
}

const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  "async_streams.ts": {
    async during(run) {
      await run.prints("stdout", /order \d+: new/);
      run.kill("SIGINT");
    },
    prints: /done: \{"trades":[1-9].*"quotes":[1-9].*\}, \d cancelled on the way out\n$/,
  },
  "connector_runner.ts": {
    prints: /is new\norder \d+ is canceled\nconnector: stopping\nconnector: ended\n$/,
  },
  "live_connector.ts": { prints: /done: [1-9]\d* trades/ },
  "market_maker.ts": { prints: /[1-9]\d* orders, \d+ cancels/ },
  "my_strategy.ts": { prints: /^ {2}fills +[1-9]\d* \(/m },
  "my_strategy_test.ts": { prints: /ok \| [1-9]\d* passed/ },
  "packaged_bot.ts": { prints: /^library: from its usual place\n\d+ orders, \d+ fills/ },
  "pairs.ts": { prints: /stub btcusdt[^]* fills +[1-9][^]*stub ethusdt[^]* fills +[1-9]/ },
  "record_and_replay.ts": {
    prints: /^recorded: ([1-9]\d* trades, .*)\nread: .*\nreplayed: \1\n$/m,
  },
  "several_connectors.ts": {
    async during(run) {
      const [, pid] = await run.prints("stdout", /sim-spot\S* \(process (\d+)\) is ready/);
      await run.prints("stdout", /pairs: trading/);
      Deno.kill(Number(pid), "SIGKILL");
      await run.prints("stdout", /pairs: paused: no connector is attached to "sim-spot/);
      await run.prints("stdout", /paused[^]*sim-spot\S* btcusdt: connection restored/);
      await run.prints("stdout", /paused[^]*pairs: trading/);
      run.kill("SIGINT");
    },
    prints: /sim-futures\S* btcusdt: \d+ orders[^]*sim-spot\S* btcusdt: \d+ orders/,
  },
};
const NATIVE = / NAME( |$)|sim-connector|several_connectors/;

const missing = nativeReady();
const rows = await readmeRows();

Deno.test("examples/README.md lists every example", async () => {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(inCheckout("examples"))) {
    if (name.endsWith(".ts")) names.push(name);
  }
  assertEquals([...new Set(rows.map(({ file }) => file))].sort(), names.sort());
});

Deno.test("every example says at its top how it is run", async () => {
  for (const { file } of rows) {
    const [header = ""] = (await Deno.readTextFile(inCheckout(`examples/${file}`))).split("*/");
    assertMatch(header, / deno (run|test) .*(\\\n.*)?examples\/\w+\.ts/, file);
  }
});

for (const { file, command } of rows) {
  const { during, prints } = EXPECTATIONS[file] ?? { prints: /unknown/ };
  Deno.test({
    name: `examples/README.md: ${command}`,
    ignore: NATIVE.test(command) && missing !== undefined,
    async fn() {
      await using held = new AsyncDisposableStack();
      const words = await wordsOf(command, held);
      const run = held.use(startRow(command, words));
      await during?.(run);
      const { code, stdout, stderr } = await run.ended;
      assertEquals(code, 0, stderr);
      assertMatch(stdout, prints);
      for (const [, pid] of stdout.matchAll(/\bprocess (\d+)/g)) {
        assertThrows(() => Deno.kill(Number(pid), "SIGCONT"), Deno.errors.NotFound);
      }
    },
  });
}

/** What the reader puts in place of words, made for as long as the stack is held. */
async function wordsOf(
  command: string,
  held: AsyncDisposableStack,
): Promise<Record<string, string>> {
  const words: Record<string, string> = {
    "native/target/release/sim-connector": simConnectorPath(),
  };
  if (command.includes(" NAME")) {
    const sim: SimConnector = held.use(await startSimConnector());
    words.NAME = sim.name;
  }
  if (command.includes(" DIRECTORY") || command.includes(".toml")) {
    const directory = held.use(await TempDirectory.create());
    words.DIRECTORY = directory.path;
    words["examples/connectors/simulated.toml"] = await ownNames(directory);
  }
  return words;
}

/** The connectors of examples/connectors, under names that no other run uses. */
async function ownNames(directory: TempDirectory): Promise<string> {
  const source = inCheckout("examples/connectors/");
  const text = (await Deno.readTextFile(`${source}simulated.toml`))
    .replaceAll(/^name = "(.*)"$/gm, `name = "$1-${uniqueConnectorName()}"`)
    .replaceAll(/^config = "/gm, `config = "${source}`)
    .replaceAll(/^binary = .*$/gm, `binary = "${simConnectorPath()}"`);
  return await directory.write("connectors.toml", text);
}
