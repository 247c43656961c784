/**
 * `deno task bench:replay`: how fast recordings are read, beside a bare decode of the same files,
 * and whether memory stays flat.
 *
 *     deno task bench:replay [--rounds N] [--copies N] [--json]
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { RECORDING, recordingMissing } from "../tests/support/recording.ts";
import { TempDirectory } from "../tests/support/temp_directory.ts";
import { fail, wholeNumber } from "./lab/arguments.ts";
import { atLeast, atMost, type Ratio } from "./lab/ratios.ts";
import { heapGrowth, type SoakSample } from "./lab/soak.ts";
import { recordsOf, writeArray } from "./replay/data.ts";
import { gunzip, rawRead, type Reading, replay, source, unzip } from "./replay/subjects.ts";

/** Events a second that a replay has to reach in one thread. */
const GOAL = 2_000_000;
const MAX_HEAP_GROWTH = 1.2;
/** Replays in a row whose memory is looked at, and events between two looks. */
const MEMORY_REPLAYS = 4;
const SAMPLE_EVENTS = 500_000;

/** What is measured. */
interface Subject {
  readonly name: string;
  /** The same file without anything made of it. */
  readonly bare: string;
  readonly run: () => Reading;
}

/** A subject's quickest run: other work on the machine only ever makes one slower. */
interface Figures {
  readonly seconds: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly bytesPerSecond: number;
}

const BENCH = "bench:replay";

const args = parseArgs(Deno.args, {
  boolean: ["json"],
  string: ["rounds", "copies"],
  default: { rounds: "5", copies: "8" },
  unknown: (arg) => fail(BENCH, `unknown argument ${arg}`),
});
const rounds = wholeNumber(BENCH, "--rounds", args.rounds);
const copies = wholeNumber(BENCH, "--copies", args.copies);
if (recordingMissing() !== undefined) Deno.exit(1);

await using directory = await TempDirectory.create();
console.error(`writing the recording ${copies} times over as npz`);
const records = recordsOf(RECORDING);
const stored = directory.file("stored.npz");
const deflated = directory.file("deflated.npz");
writeArray(records, stored, { copies, compressed: false });
writeArray(records, deflated, { copies, compressed: true });

const subjects: readonly Subject[] = [
  { name: "gunzip .gz", bare: "gunzip .gz", run: () => gunzip(RECORDING) },
  { name: "read .gz", bare: "gunzip .gz", run: () => source(RECORDING) },
  { name: "replay .gz", bare: "gunzip .gz", run: () => replay(RECORDING) },
  { name: "copy stored .npz", bare: "copy stored .npz", run: () => rawRead(stored) },
  { name: "read stored .npz", bare: "copy stored .npz", run: () => source(stored) },
  { name: "replay stored .npz", bare: "copy stored .npz", run: () => replay(stored) },
  { name: "inflate .npz", bare: "inflate .npz", run: () => unzip(deflated) },
  { name: "read .npz", bare: "inflate .npz", run: () => source(deflated) },
  { name: "replay .npz", bare: "inflate .npz", run: () => replay(deflated) },
];

const runs = new Map<string, Reading[]>(subjects.map(({ name }) => [name, []]));
// The first round is for the compiler.
for (let round = 0; round <= rounds; round++) {
  console.error(round === 0 ? "warming up" : `round ${round} of ${rounds}`);
  for (const { name, run } of subjects) {
    const reading = run();
    if (round > 0) runs.get(name)!.push(reading);
  }
}

const figures = new Map(subjects.map(({ name, bare }) => [name, figuresOf(name, bare)]));
console.error(`looking at the memory of ${MEMORY_REPLAYS} replays in a row`);
const samples = memorySamples();
const ratios = ratiosOf(figures);
const heap = samples.map(({ heapUsed }) => heapUsed);
const memory = {
  events: samples.at(-1)?.events,
  heapUsedFirst: heap[0],
  heapUsedLast: heap.at(-1),
  heapUsedMax: Math.max(...heap),
  rssMax: Math.max(...samples.map(({ rss }) => rss)),
};

if (args.json) {
  console.log(
    JSON.stringify({ rounds, copies, figures: Object.fromEntries(figures), memory, ratios }),
  );
} else {
  console.table(Object.fromEntries(
    Array.from(figures, ([name, { events, eventsPerSecond, bytesPerSecond }]) => [name, {
      "events": events || "",
      "M events/s": events ? Math.round(eventsPerSecond / 1e4) / 100 : "",
      "MB/s decoded": Math.round(bytesPerSecond / 1e6),
    }]),
  ));
  const mb = (bytes = 0) => (bytes / 1e6).toFixed(1);
  console.log(
    `JavaScript heap in use over ${memory.events} events: ${
      mb(memory.heapUsedFirst)
    } MB at first, ` +
      `${mb(memory.heapUsedLast)} MB at last, at most ${mb(memory.heapUsedMax)} MB; ` +
      `the process at most ${mb(memory.rssMax)} MB`,
  );
  console.table(ratios);
}

/** Replays again and again, and looks at the memory; without garbage if `gc` is exposed. */
function memorySamples(): SoakSample[] {
  const gc: unknown = Reflect.get(globalThis, "gc");
  const samples: SoakSample[] = [];
  let before = 0;
  for (let count = 0; count < MEMORY_REPLAYS; count++) {
    let next = SAMPLE_EVENTS;
    const { events } = replay(deflated, (events) => {
      if (events < next) return;
      next += SAMPLE_EVENTS;
      if (typeof gc === "function") gc();
      const { heapUsed, rss } = Deno.memoryUsage();
      samples.push({ events: before + events, heapUsed, rss });
    });
    before += events;
  }
  return samples;
}

function figuresOf(name: string, bare: string): Figures {
  const readings = runs.get(name)!;
  const seconds = Math.min(...readings.map((reading) => reading.seconds));
  const events = readings[0]!.events;
  const bytes = runs.get(bare)![0]!.bytes;
  return { seconds, events, eventsPerSecond: events / seconds, bytesPerSecond: bytes / seconds };
}

function ratiosOf(figures: ReadonlyMap<string, Figures>): Record<string, Ratio> {
  const events = (name: string) => figures.get(name)!.eventsPerSecond;
  const speed = (name: string, bare: string) =>
    figures.get(bare)!.seconds / figures.get(name)!.seconds;
  return {
    "read .npz events/s / 2 million": atLeast(1, events("read .npz") / GOAL),
    "read stored .npz events/s / 2 million": atLeast(1, events("read stored .npz") / GOAL),
    "replay .npz events/s / 2 million": atLeast(1, events("replay .npz") / GOAL),
    "replay stored .npz events/s / 2 million": atLeast(1, events("replay stored .npz") / GOAL),
    "read .gz / gunzip": atLeast(0.25, speed("read .gz", "gunzip .gz")),
    "read .npz / inflate": atLeast(0.6, speed("read .npz", "inflate .npz")),
    "read stored .npz / copy": atLeast(0.15, speed("read stored .npz", "copy stored .npz")),
    "heap at the end / at the start": atMost(MAX_HEAP_GROWTH, heapGrowth(samples)),
  };
}
