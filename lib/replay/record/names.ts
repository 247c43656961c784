/**
 * Names of a recording's files.
 *
 * @module
 */

import type { Instrument } from "../../model/instrument.ts";

const NS_PER_MS = 1_000_000n;

/**
 * The part of the names that tells the instruments apart: their symbols, with the connector's
 * name before them where two have the same. What has no place in a file's name becomes "_".
 *
 * @param instruments The instruments.
 * @returns One label for each, all different even where case does not count.
 */
export function fileLabels(instruments: readonly Instrument[]): string[] {
  const symbols = instruments.map(({ symbol }) => clean(symbol));
  const labels = isUnique(symbols)
    ? symbols
    : instruments.map(({ connector, symbol }) => clean(`${connector}-${symbol}`));
  return isUnique(labels) ? labels : labels.map((label, asset) => `${label}-${asset}`);
}

/**
 * The time in a file's name: YYYYMMDD-HHMMSS, UTC.
 *
 * @param timestamp The time, ns since the Unix epoch.
 */
export function fileTime(timestamp: bigint): string {
  const iso = new Date(Number(timestamp / NS_PER_MS)).toISOString();
  return iso.slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
}

function clean(text: string): string {
  return text.replace(/[^\w.-]/g, "_");
}

function isUnique(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size === names.length;
}
