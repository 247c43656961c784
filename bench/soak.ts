/**
 * `deno task bench:soak`: tens of millions of events through a LiveClient: what is lost, and
 * whether the heap stays flat.
 *
 *     deno task bench:soak [--events N] [--rate N] [--kind batches|events]
 *                        [--buffer N] [--json] [--plot FILE.svg]
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { fail, wholeNumber } from "./lab/arguments.ts";
import { atMost, MAX_HEAP_GROWTH } from "./lab/ratios.ts";
import { heapGrowth, heapPlot, soak } from "./lab/soak.ts";

const BENCH = "bench:soak";

const args = parseArgs(Deno.args, {
  boolean: ["json", "help"],
  string: ["events", "rate", "kind", "buffer", "plot"],
  default: { events: "30000000", rate: "500000", kind: "batches", buffer: "60000" },
  unknown: (arg) => fail(BENCH, `unknown argument ${arg}`),
});
if (args.help) {
  console.log(
    "Usage: deno task bench:soak [--events N] [--rate N] [--kind batches|events] " +
      "[--buffer N] [--json] [--plot FILE.svg]\n\n" +
      "  --events N   events in all (30000000)\n" +
      "  --rate N     events a second (500000)\n" +
      "  --kind K     how the client is read (batches)\n" +
      "  --buffer N   messages that the channel holds (60000)\n" +
      "  --json       print one JSON object\n" +
      "  --plot FILE  write a picture of the heap",
  );
  Deno.exit(0);
}
const events = wholeNumber(BENCH, "--events", args.events);
const rate = wholeNumber(BENCH, "--rate", args.rate);
const buffer = wholeNumber(BENCH, "--buffer", args.buffer);
const { kind } = args;
if (kind !== "batches" && kind !== "events") {
  fail(BENCH, `--kind is batches or events, not ${kind}`);
}

console.error(`${events} events at ${rate} a second: about ${Math.round(events / rate)} s`);
const result = await soak({ events, rate, kind, buffer });
const ratios = {
  "heap at the end / at the start": atMost(MAX_HEAP_GROWTH, heapGrowth(result.samples)),
  "lost / published": { value: result.lost / events, goal: "0", holds: result.lost === 0 },
};
if (args.plot !== undefined) await Deno.writeTextFile(args.plot, heapPlot(result.samples));
if (args.json) {
  console.log(JSON.stringify({ events, rate, kind, buffer, ...result, ratios }));
} else {
  const { received, seconds, cpuSeconds, latencyNs, lost, dropped, overflows } = result;
  console.log(
    `${received} events in ${seconds.toFixed(1)} s, ${Math.round(received / seconds)} a second`,
  );
  console.log(`lost ${lost}, dropped by the queue ${dropped}, channel overflows ${overflows}`);
  console.log(`CPU ${Math.round(cpuSeconds * 1e9 / received)} ns an event, spinning included`);
  console.log(`latency p50 ${latencyNs.p50} ns, p99 ${latencyNs.p99} ns, max ${latencyNs.max} ns`);
  console.table(ratios);
}
