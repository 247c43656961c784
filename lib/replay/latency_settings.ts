/**
 * The choice of an order latency, checked.
 *
 * @module
 */

import { MAX_DURATION_NS } from "../bot/time_base.ts";
import { checkNumber, checkOneOf } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";
import type { OrderLatencyRow, ReplayOrderLatency } from "./options.ts";

const DEFAULT: ReplayOrderLatency = {
  model: "constant",
  entryNs: 5_000_000,
  responseNs: 5_000_000,
};

/**
 * Checks a choice of order latency.
 *
 * @param field Name of the option as its user wrote it.
 * @param options The choice; undefined for the default.
 * @returns The choice.
 * @throws {InvalidInputError} Naming what cannot be used.
 */
export function checkOrderLatency(
  field: string,
  options: ReplayOrderLatency = DEFAULT,
): ReplayOrderLatency {
  if (typeof options !== "object" || options === null) {
    throw new InvalidInputError(field, options, "an object with a model");
  }
  checkOneOf(`${field}.model`, options.model, ["constant", "recorded", "interpolated"]);
  switch (options.model) {
    case "constant": {
      const bounds = { min: 0, max: MAX_DURATION_NS, integer: true };
      return {
        model: "constant",
        entryNs: checkNumber(`${field}.entryNs`, options.entryNs, bounds),
        responseNs: checkNumber(`${field}.responseNs`, options.responseNs, bounds),
      };
    }
    case "recorded": {
      const { entryFactor = 1, responseFactor = 1 } = options;
      const bounds = { min: 0, max: 1_000_000 };
      return {
        model: "recorded",
        entryFactor: checkNumber(`${field}.entryFactor`, entryFactor, bounds),
        responseFactor: checkNumber(`${field}.responseFactor`, responseFactor, bounds),
      };
    }
    case "interpolated":
      return { model: "interpolated", rows: checkRows(`${field}.rows`, options.rows) };
  }
}

/** Latencies must not be negative, nor requests out of order: what lies between could not be told. */
function checkRows(field: string, rows: readonly OrderLatencyRow[]): readonly OrderLatencyRow[] {
  if (!Array.isArray(rows)) throw new InvalidInputError(field, rows, "a list of rows");
  let request = 0n;
  let isHandled = false;
  for (const [index, row] of rows.entries()) {
    const at = `${field}[${index}]`;
    if (typeof row !== "object" || row === null) throw new InvalidInputError(at, row, "a row");
    const { requestTimestamp, exchTimestamp, responseTimestamp } = row;
    checkAfter(`${at}.requestTimestamp`, requestTimestamp, request);
    request = requestTimestamp;
    let handled = requestTimestamp;
    if (exchTimestamp !== 0n) {
      checkAfter(`${at}.exchTimestamp`, exchTimestamp, requestTimestamp);
      handled = exchTimestamp;
      isHandled = true;
    }
    checkAfter(`${at}.responseTimestamp`, responseTimestamp, handled);
    const limit = requestTimestamp + BigInt(MAX_DURATION_NS);
    if (responseTimestamp > limit) {
      const expected = `at most ${limit}n, 2 ** 50 ns after the request`;
      throw new InvalidInputError(`${at}.responseTimestamp`, responseTimestamp, expected);
    }
  }
  if (!isHandled) {
    throw new InvalidInputError(field, rows, "at least one row that the exchange handled");
  }
  return rows;
}

function checkAfter(field: string, value: bigint, min: bigint): void {
  if (typeof value !== "bigint" || value < min) {
    throw new InvalidInputError(field, value, `a bigint of at least ${min}n`);
  }
}
