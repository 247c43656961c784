/**
 * `deno task bench:recovery`: how a client gets over the death of its connector. A supervised
 * sim-connector is killed with SIGKILL again and again while a client trades on it.
 *
 *     deno task bench:recovery [--rounds N] [--json]
 *
 * Exit code 1 if a round fails: a loss or a recovery is not reported, the books stay unlike, an open
 * order is not told as lost, an event comes twice, or one is missing after the recovery.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { stringify } from "smol-toml";
import { nativeReady, simConnectorPath } from "../tests/support/native_ready.ts";
import { uniqueConnectorName } from "../tests/support/sim_connector.ts";
import { TempDirectory } from "../tests/support/temp_directory.ts";
import { Ledger } from "./recovery/ledger.ts";
import { type Round, type RoundTimes, runRound } from "./recovery/round.ts";
import { SupervisorProcess } from "./recovery/supervisor_process.ts";

const BTCUSDT = { symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };

/** Feed events a second. */
const RATE = 2_000;

/** Pause of the supervisor before a restart. */
const RESTART_DELAY_S = 0.05;

const TIMES: readonly (readonly [time: keyof RoundTimes, label: string])[] = [
  ["lost", "loss reported"],
  ["data", "first market data"],
  ["registered", "registered"],
  ["restored", "recovery reported"],
  ["bookEqual", "book equals the connector's"],
  ["reconciled", "open order told as lost"],
];

/** What all rounds have shown. */
interface Outcome {
  readonly rounds: readonly Round[];
  readonly counts: Readonly<Record<string, number>>;
  /** What went wrong; empty when all is well. */
  readonly failures: readonly string[];
}

const args = parseArgs(Deno.args, {
  boolean: ["json"],
  string: ["rounds"],
  default: { rounds: "10" },
});
const wanted = Number(args.rounds);
if (!(Number.isInteger(wanted) && wanted >= 1)) {
  console.error(`recovery: --rounds ${args.rounds}: expected a whole number from 1`);
  Deno.exit(2);
}
const missing = nativeReady();
if (missing !== undefined) Deno.exit(1);

const outcome = await run(wanted);
print(outcome);
Deno.exit(outcome.failures.length > 0 ? 1 : 0);

async function run(count: number): Promise<Outcome> {
  await using directory = await TempDirectory.create();
  const name = uniqueConnectorName();
  let market = 0;
  const changeMarket = async (): Promise<void> => {
    market++;
    await directory.write("sim.toml", marketFile(market));
  };
  await changeMarket();
  await using supervisor = new SupervisorProcess(
    await directory.write("connectors.toml", connectorsFile(name)),
  );
  await using ledger = await Ledger.start([{ connector: name, ...BTCUSDT }]);
  const rounds: Round[] = [];
  const failures: string[] = [];
  while (rounds.length < count && failures.length === 0) {
    const number = rounds.length + 1;
    console.error(`round ${number} of ${count}`);
    try {
      rounds.push(await runRound({ ledger, supervisor, changeMarket }));
    } catch (error) {
      failures.push(`round ${number}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const counts = {
    restarts: supervisor.restarts,
    events: ledger.length,
    trades: ledger.trades,
    repeated: ledger.repeated,
    "missing after recovery": rounds.reduce((sum, { missing }) => sum + missing, 0),
    dropped: ledger.client.health.dropped,
    overflows: ledger.overflows,
    "orders left open": rounds.filter(({ reconciled }) => reconciled === undefined).length,
  };
  const { events: _events, trades: _trades, restarts: _restarts, ...mustBe0 } = counts;
  for (const [what, value] of Object.entries(mustBe0)) {
    if (value > 0) failures.push(`${what}: ${value}`);
  }
  return { rounds, counts, failures };
}

function print({ rounds, counts, failures }: Outcome): void {
  if (args.json) {
    console.log(
      JSON.stringify({ rate: RATE, restartDelayS: RESTART_DELAY_S, rounds, counts, failures }),
    );
    return;
  }
  console.log(
    `\n${rounds.length} rounds; ${RATE} events/s, ` +
      `${RESTART_DELAY_S * 1_000} ms before a restart; times from the kill, ms`,
  );
  console.table(Object.fromEntries(
    TIMES.map(([key, label]) => {
      return [label, range(rounds.map((round) => round[key]))];
    }),
  ));
  console.table(counts);
  for (const failure of failures) console.error(`FAILED ${failure}`);
}

function range(times: (number | undefined)[]): Record<"min" | "median" | "max", number> {
  const sorted = times.filter((time) => time !== undefined).toSorted((a, b) => a - b);
  const at = (index: number): number => Math.round(sorted[index] ?? NaN);
  return { min: at(0), median: at(sorted.length >> 1), max: at(sorted.length - 1) };
}

/** Another seed and price for each start: what is left of an old book would show. */
function marketFile(market: number): string {
  return stringify({
    source: {
      kind: "synthetic",
      seed: market,
      rate: RATE,
      symbols: [{ name: BTCUSDT.symbol, "base_price": 60_000 + 7 * market }],
    },
  });
}

function connectorsFile(name: string): string {
  const { symbol, tickSize, lotSize } = BTCUSDT;
  return stringify({
    connector: [{
      name,
      type: "binancefutures",
      config: "sim.toml",
      "validate_config": false,
      binary: simConnectorPath(),
      ready: { symbol, "tick_size": tickSize, "lot_size": lotSize },
      restart: {
        "first_delay_s": RESTART_DELAY_S,
        "max_delay_s": RESTART_DELAY_S,
        jitter: 0,
        "max_restarts": 1_000_000,
      },
    }],
  });
}
