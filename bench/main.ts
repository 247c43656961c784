/**
 * `deno task bench`: latency from publish to strategy, throughput, and the way of an order, of every
 * way to use a connector's channel, interleaved in one run.
 *
 *     deno task bench [--rounds N] [--seconds S] [--quick] [--json] [--html FILE]
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { fail } from "./lab/arguments.ts";
import {
  BARE,
  bareLoopRun,
  CLIENTS,
  heapRun,
  type IdleRun,
  idleRun,
  type LoopRun,
  loopRun,
  stubRun,
} from "./lab/client.ts";
import { page } from "./lab/page.ts";
import { crowdLoads, type Effort, FLAT_OUT, REFERENCE, singleLoads } from "./lab/plan.ts";
import { clientRatios, ratios } from "./lab/ratios.ts";
import { type ClientFigures, idleRow, loopRow, orderRow, row } from "./lab/results.ts";
import { type Load, type OrderRun, type Run, runReaders, runTrader } from "./lab/run.ts";
import { heapGrowth, soak } from "./lab/soak.ts";
import { READERS, TRADERS } from "./lab/subjects.ts";
import { printTables } from "./lab/text.ts";

const ORDERS = 3_000;
const IDLE_STRATEGIES = ["busySpin", "yielding", "backoff"] as const;
const SOAK = { events: 30_000_000, rate: 500_000, kind: "batches", buffer: 60_000 } as const;
/** Bots that share a core need no more kinds than these. */
const CROWD = new Set(["raw", "upstream", "nativePoll", "clientBatches"]);

const args = parseArgs(Deno.args, {
  boolean: ["json", "quick", "help"],
  string: ["rounds", "seconds", "html"],
  default: { rounds: "5", seconds: "2" },
  unknown: (arg) => fail("bench", `unknown argument ${arg}`),
});
if (args.help) {
  console.log(
    "Usage: deno task bench [--rounds N] [--seconds S] [--quick] [--json] [--html FILE]\n\n" +
      "  --rounds N    runs of each, whose medians are told (5)\n" +
      "  --seconds S   time of each paced run (2)\n" +
      `  --quick       only ${REFERENCE}, ${FLAT_OUT} and orders\n` +
      "  --json        print one JSON object\n" +
      "  --html FILE   also write a page with the distributions",
  );
  Deno.exit(0);
}
const rounds = Number(args.rounds);
const seconds = Number(args.seconds);
if (!(Number.isInteger(rounds) && rounds >= 1)) {
  fail("bench", "--rounds needs a whole number from 1");
}
if (!(seconds > 0 && seconds <= 600)) fail("bench", "--seconds needs a number above 0, up to 600");

// Some seconds: the host moves the cores closer and apart within one.
const effort: Effort = { seconds, flatOutEvents: 3_000_000 };
const single = singleLoads(effort).filter(({ name }) =>
  !args.quick || name === REFERENCE || name === FLAT_OUT
);
const plan = [
  ...single.flatMap((load) => READERS.map((reader) => ({ load, reader }))),
  ...(args.quick ? [] : crowdLoads(effort)).flatMap((load) =>
    READERS.filter(({ name }) => CROWD.has(name)).map((reader) => ({ load, reader }))
  ),
];

const runs = new Map<string, { load: Load; runs: Run[] }[]>();
const orderRuns = new Map<string, OrderRun[]>();
const idleRuns = new Map<string, IdleRun[]>();
const loopRuns = new Map<string, LoopRun[]>();
for (let round = 1; round <= rounds; round++) {
  for (const [i, { load, reader }] of plan.entries()) {
    console.error(
      `round ${round} of ${rounds}, ${i + 1} of ${plan.length}: ${load.name}, ${reader.name}`,
    );
    add(runs, `${load.name}\n${reader.name}`, { load, runs: await runReaders(reader, load) });
  }
  for (const trader of TRADERS) {
    console.error(`round ${round} of ${rounds}: orders, ${trader.name}`);
    add(orderRuns, trader.name, await runTrader(trader, ORDERS));
  }
  if (args.quick) continue;
  for (const idle of IDLE_STRATEGIES) {
    console.error(`round ${round} of ${rounds}: idle, ${idle}`);
    add(idleRuns, idle, await idleRun(idle));
  }
  console.error(`round ${round} of ${rounds}: timers and sockets, ${BARE}`);
  add(loopRuns, BARE, await bareLoopRun());
  for (const client of CLIENTS) {
    console.error(`round ${round} of ${rounds}: timers and sockets, ${client.join(", ")}`);
    add(loopRuns, client.join(), await loopRun(client));
  }
}

const loads = [...new Set(plan.map(({ load }) => load.name))];
const tables = new Map(loads.map((name) => [
  name,
  plan.filter(({ load }) => load.name === name).map(({ reader }) =>
    row(reader, runs.get(`${name}\n${reader.name}`)!.flatMap((each) => each.runs))
  ),
]));
const orders = TRADERS.map((trader) => orderRow(trader, orderRuns.get(trader.name)!));
const clients = args.quick ? undefined : await clientFigures();
const report = {
  ...{ rounds, seconds, tables, orders, clients },
  ratios: {
    ...ratios(
      (load, subject) => runs.get(`${load}\n${subject}`)!.flatMap((each) => each.runs),
      (subject) => orderRuns.get(subject)!,
    ),
    ...(clients && clientRatios(clients)),
  },
};

if (args.html !== undefined) await Deno.writeTextFile(args.html, page(report));
if (args.json) console.log(JSON.stringify({ ...report, tables: Object.fromEntries(tables) }));
else printTables(report);

async function clientFigures(): Promise<ClientFigures> {
  console.error("once: a minute at 500,000 events a second, the heap, a StubBot");
  const { lost, samples } = await soak(SOAK);
  return {
    idle: [...idleRuns.values()].map(idleRow),
    loops: [...loopRuns.values()].map(loopRow),
    heap: [await heapRun("poll"), await heapRun("batches")],
    stub: await stubRun(),
    soak: { lost, heapGrowth: heapGrowth(samples) },
  };
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
