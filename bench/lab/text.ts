/**
 * The tables on a terminal.
 *
 * @module
 */

import { QUANTILES, type Quantiles } from "./figures.ts";
import type { Ratio } from "./ratios.ts";
import type { OrderRow, Row } from "./results.ts";

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
  /** Goals. */
  readonly ratios: Readonly<Record<string, Ratio>>;
}

/** Prints all tables. */
export function printTables({ rounds, seconds, tables, orders, ratios }: Report): void {
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

function microseconds(quantiles: Quantiles): Record<string, number> {
  return Object.fromEntries(
    QUANTILES.map((name) => [name, Math.round(quantiles[name] / 100) / 10]),
  );
}
