/**
 * A long run of one client: what is lost, and what the heap does.
 *
 * @module
 */

import { median, type ReaderReport } from "./figures.ts";
import { cores, Program } from "./program.ts";
import { BENCH, script } from "./subjects.ts";

/** The process's memory after so many events. */
export interface SoakSample {
  /** Events handled so far. */
  readonly events: number;
  /** Bytes of JavaScript's heap in use. */
  readonly heapUsed: number;
  /** Bytes of memory of the whole process. */
  readonly rss: number;
}

/** What the reader of a long run reports. */
export interface SoakReport extends ReaderReport {
  /** One a second. */
  readonly samples: readonly SoakSample[];
  /** Events that the client's queue dropped. */
  readonly dropped: number;
  /** Times that the channel may have overflowed. */
  readonly overflows: number;
}

/** What a long run publishes. */
export interface SoakLoad {
  /** Events in all. */
  readonly events: number;
  /** Events a second. */
  readonly rate: number;
  /** How the client is read. */
  readonly kind: "batches" | "events";
  /** Messages that the channel holds for a reader that does not keep up. */
  readonly buffer: number;
}

/** Runs a client on so many events. */
export async function soak(load: SoakLoad): Promise<SoakReport & { readonly lost: number }> {
  const pinned = await cores();
  const channel = `soak-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
  const { events, rate, kind, buffer } = load;
  const config = await Deno.makeTempFile({ prefix: "hftlive-soak-", suffix: ".toml" });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(config));
  // Shared memory is laid out for as many bots as may come.
  await Deno.writeTextFile(config, `buffer_size = ${buffer}\nmax_bots = 2\n`);
  const env = { HFTBACKTEST_CHANNEL_CONFIG: config };
  await using publisher = new Program(
    "publisher",
    [BENCH, "publish", channel, `${events}`, `${rate}`, "1", "1"],
    { core: pinned.connector, env },
  );
  await publisher.line();
  await using reader = new Program(
    "client",
    [...script("client_soak.ts"), channel, kind],
    { core: pinned.bot, env },
  );
  const { published } = await publisher.line<{ published: number }>();
  const report = await reader.line<SoakReport>();
  return { ...report, lost: published - report.received };
}

/** Heap at the end over heap at the start: medians of the second fifth and of the last. */
export function heapGrowth(samples: readonly SoakSample[]): number {
  const heap = samples.map(({ heapUsed }) => heapUsed);
  const fifth = Math.max(1, Math.floor(heap.length / 5));
  // The first fifth is start-up.
  return median(heap.slice(-fifth)) / median(heap.slice(fifth, 2 * fifth));
}

/** The heap over the events, as a picture. */
export function heapPlot(samples: readonly SoakSample[]): string {
  const width = 800;
  const height = 240;
  const most = Math.max(...samples.map(({ heapUsed }) => heapUsed));
  const last = samples.at(-1)?.events ?? 1;
  const points = samples.map(({ events, heapUsed }) =>
    `${(events / last * width).toFixed(1)},${(height - heapUsed / most * (height - 20)).toFixed(1)}`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 ${width + 20} ${height + 40}" ` +
    `font-family="sans-serif" font-size="13">
<title>JavaScript heap over events</title>
<rect x="-10" y="-10" width="${width + 20}" height="${height + 40}" fill="white"/>
<polyline points="${points.join(" ")}" fill="none" stroke="#1b6ca8" stroke-width="1.5"/>
<line x1="0" x2="${width}" y1="${height}" y2="${height}" stroke="#888"/>
<text x="0" y="4">heap, top ${(most / 1e6).toFixed(1)} MB</text>
<text x="${width}" y="${height + 18}" text-anchor="end">${last.toLocaleString("en")} events</text>
</svg>
`;
}
