/**
 * `deno task bench`: latency from publish to strategy, and throughput, of every way to
 * read a connector's channel, interleaved in one run.
 *
 *     deno task bench [--json] [--rounds N] [--seconds S]
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { READERS, type Run, run } from "./run.ts";

const RATE = 5_000;
const FLAT_OUT_EVENTS = 1_000_000;

const args = parseArgs(Deno.args, {
  boolean: ["json"],
  string: ["rounds", "seconds"],
  default: { rounds: "3", seconds: "2" },
});
const rounds = Number(args.rounds);
const seconds = Number(args.seconds);
if (!(rounds >= 1 && seconds > 0)) {
  console.error("bench: --rounds needs a whole number from 1, --seconds a positive number");
  Deno.exit(2);
}

const paced = new Map<string, Run[]>(READERS.map(({ name }) => [name, []]));
const flatOut = new Map<string, Run[]>(READERS.map(({ name }) => [name, []]));
for (let round = 1; round <= rounds; round++) {
  for (const reader of READERS) {
    console.error(`round ${round} of ${rounds}: ${reader.description}`);
    paced.get(reader.name)!.push(await run(reader, { events: RATE * seconds, rate: RATE }));
    flatOut.get(reader.name)!.push(await run(reader, { events: FLAT_OUT_EVENTS, rate: 0 }));
  }
}

const p50 = (name: string) => median(paced.get(name)!.map((run) => run.latencyNs.p50));
const p99 = (name: string) => median(paced.get(name)!.map((run) => run.latencyNs.p99));
const throughput = (name: string) => median(flatOut.get(name)!.map((run) => run.perSecond));

const ratios = {
  "poll p50 / raw p50": ratio(p50("nativePoll"), p50("raw"), { atMost: 1.3 }),
  "poll p50 / upstream p50": ratio(p50("nativePoll"), p50("upstream"), { atMost: 1 / 20 }),
  "poll p99 / upstream p99": ratio(p99("nativePoll"), p99("upstream"), { atMost: 1 / 20 }),
  "client events p50 / poll p50": ratio(p50("clientEvents"), p50("nativePoll"), { atMost: 3 }),
  "poll throughput / raw": ratio(throughput("nativePoll"), throughput("raw"), { atLeast: 0.9 }),
  "batches throughput / raw": ratio(throughput("clientBatches"), throughput("raw"), {
    atLeast: 0.9,
  }),
  "poll throughput / upstream": ratio(throughput("nativePoll"), throughput("upstream"), {
    atLeast: 50,
  }),
  "batches throughput / upstream": ratio(throughput("clientBatches"), throughput("upstream"), {
    atLeast: 50,
  }),
};

if (args.json) {
  const figures = READERS.map(({ name, description }) => ({
    name,
    description,
    paced: paced.get(name),
    flatOut: flatOut.get(name),
  }));
  console.log(JSON.stringify({ rate: RATE, rounds, seconds, figures, ratios }));
} else {
  console.log(`\nmedians of ${rounds} rounds; latency at ${RATE} events/s for ${seconds} s, µs`);
  console.table(Object.fromEntries(READERS.map(({ name, description }) => [description, {
    "p50": us(p50(name)),
    "p99": us(p99(name)),
    "max": us(Math.max(...paced.get(name)!.map((run) => run.latencyNs.max))),
    "lost": sum(paced.get(name)!.map((run) => run.lost)),
    "flat out, events/s": Math.round(throughput(name)),
    "flat out, lost": sum(flatOut.get(name)!.map((run) => run.lost)),
  }])));
  console.table(
    Object.fromEntries(
      Object.entries(ratios).map(([name, { value, goal, holds }]) => [name, {
        value: Number(value.toPrecision(3)),
        goal,
        holds,
      }]),
    ),
  );
}

interface Ratio {
  readonly value: number;
  readonly goal: string;
  readonly holds: boolean;
}

function ratio(a: number, b: number, goal: { atMost: number } | { atLeast: number }): Ratio {
  const value = a / b;
  return "atMost" in goal
    ? { value, goal: `at most ${goal.atMost}`, holds: value <= goal.atMost }
    : { value, goal: `at least ${goal.atLeast}`, holds: value >= goal.atLeast };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function us(ns: number): number {
  return Math.round(ns / 100) / 10;
}
