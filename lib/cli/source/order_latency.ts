/**
 * Latencies of requests on the command line.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";
import type { OrderLatencyRow, ReplayOrderLatency } from "../../replay/options.ts";
import { numberOf } from "../flags.ts";

const NS_PER_MS = 1e6;

/**
 * Reads the value of `--order-latency`.
 *
 * @param text What was given; undefined for nothing.
 * @returns The model, or the file that the model is to be read from.
 * @throws {InvalidInputError} If it is none of the forms.
 */
export function latencyModel(
  text: string | undefined,
): ReplayOrderLatency | { readonly file: string } | undefined {
  if (text === undefined) return undefined;
  if (text === "feed") return { model: "recorded" };
  if (/\.csv$/i.test(text)) return { file: text };
  const ms = numberOf(text);
  if (ms === undefined || !(ms >= 0 && ms <= 60_000)) {
    throw new InvalidInputError(
      "--order-latency",
      text,
      "0 to 60000 ms, feed, or a file of measured latencies that ends in .csv",
    );
  }
  const roundTripNs = Math.round(ms * NS_PER_MS);
  const entryNs = Math.floor(roundTripNs / 2);
  return { model: "constant", entryNs, responseNs: roundTripNs - entryNs };
}

/**
 * Reads measured latencies: lines of the times of a request, of the exchange (0 if it did not
 * handle it) and of the response, in ns since the Unix epoch, with a comma between. A first
 * line without numbers is a heading.
 *
 * @param path The file.
 * @returns The rows, in the order of the file.
 * @throws {InvalidInputError} If there is no such file, or a line is of another form.
 */
export function readLatencies(path: string): OrderLatencyRow[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InvalidInputError("--order-latency", path, "the path of an existing file");
  }
  const rows: OrderLatencyRow[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, request, exch, response] = /^\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*$/.exec(line) ?? [];
    if (request !== undefined && exch !== undefined && response !== undefined) {
      rows.push({
        requestTimestamp: BigInt(request),
        exchTimestamp: BigInt(exch),
        responseTimestamp: BigInt(response),
      });
    } else if (line.trim() !== "" && !(index === 0 && !/^\s*\d/.test(line))) {
      throw new InvalidInputError(
        `line ${index + 1} of ${path}`,
        line,
        "three times in ns with a comma between: request, exchange, response",
      );
    }
  }
  return rows;
}
