/**
 * The tables on a terminal.
 *
 * @module
 */

import { QUANTILES, type Quantiles } from "./figures.ts";
import type { Ratio } from "./ratios.ts";
import type { ClientFigures, OrderRow, Row } from "./results.ts";

/** Everything there is to tell. */
export interface Report {
  /** Runs of each. */
  readonly rounds: number;
  /** Seconds of each paced run. */
  readonly seconds: number;
  /** Rows by the name of their load. */
  readonly tables: ReadonlyMap<string, readonly Row[]>;
  /** Rows of orders. */
  readonly orders: readonly OrderRow[];
  /** What was measured of clients beside latency; undefined if it was not. */
  readonly clients: ClientFigures | undefined;
  /** Goals. */
  readonly ratios: Readonly<Record<string, Ratio>>;
}

/** Prints all tables. */
export function printTables({ rounds, seconds, tables, orders, clients, ratios }: Report): void {
  console.log(`medians of ${rounds} rounds, ${seconds} s each; latencies in µs`);
  for (const [load, rows] of tables) {
    console.log(`\n${load}`);
    console.table(Object.fromEntries(rows.map((row) => [row.description, {
      ...microseconds(row.latencyNs),
      "events/s": Math.round(row.perSecond),
      "lost": row.lost === 0 ? "0" : `${row.lost} of ${row.published}`,
      "CPU ns/event": Math.round(row.cpuNsPerEvent),
      "heap B/event": Number.isNaN(row.heapBytesPerEvent) ? "" : row.heapBytesPerEvent.toFixed(1),
    }])));
  }
  console.log("\norders: submit to the connector's receipt");
  console.table(
    Object.fromEntries(orders.map((row) => [row.description, microseconds(row.submitNs)])),
  );
  console.log("\norders: submit to the answer in hand");
  console.table(
    Object.fromEntries(orders.map((row) => [row.description, microseconds(row.roundTripNs)])),
  );
  if (clients !== undefined) printClients(clients);
  console.log("\nratios");
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

function printClients({ idle, loops, heap }: ClientFigures): void {
  console.log("\nan idle client: share of a core; reaction in ms");
  console.table(
    Object.fromEntries(idle.map((run) => [run.idle, {
      share: `${(run.cpuShare * 100).toFixed(1)} %`,
      p50: run.reactionMs.p50.toFixed(2),
      max: run.reactionMs.max.toFixed(2),
    }])),
  );
  console.log("\nbeside 100,000 events/s: lateness of timers, round trips over a socket, ms");
  console.table(
    Object.fromEntries(loops.map(({ client, timerLateMs, socketMs, lost }) => [client, {
      "timer p50": timerLateMs.p50.toFixed(2),
      "p99": timerLateMs.p99.toFixed(2),
      "socket p50": socketMs.p50.toFixed(2),
      "socket p99": socketMs.p99.toFixed(2),
      lost,
    }])),
  );
  console.log("\nmade on the heap");
  console.table(
    Object.fromEntries(heap.map(({ kind, events, polls, bytes }) => [kind, {
      events,
      "events a batch": (events / polls).toFixed(1),
      "bytes an event": (bytes / events).toFixed(2),
      "bytes a batch": Math.round(bytes / polls),
    }])),
  );
}

function microseconds(quantiles: Quantiles): Record<string, number> {
  return Object.fromEntries(
    QUANTILES.map((name) => [name, Math.round(quantiles[name] / 100) / 10]),
  );
}
