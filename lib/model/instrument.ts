/**
 * What is traded: one symbol through one connector.
 *
 * @module
 */

import { InvalidInputError } from "./errors.ts";

/** One symbol through one connector. Its index in a bot is its asset number. */
export interface Instrument {
  /** Name under which the connector was started (its first argument). */
  readonly connector: string;
  /** Symbol as the connector spells it; Binance wants lower case, such as "btcusdt". */
  readonly symbol: string;
  /** Smallest price step, in quote currency. */
  readonly tickSize: number;
  /** Smallest quantity step, in base units. */
  readonly lotSize: number;
}

/**
 * Checks an instrument's fields.
 *
 * @param instrument The instrument to check.
 * @param index Its place in the caller's list, for the message.
 * @throws {InvalidInputError} Naming the first field that cannot be used.
 */
export function validateInstrument(instrument: Instrument, index = 0): void {
  const at = `instruments[${index}]`;
  if (typeof instrument.connector !== "string" || !/^[^\s/]{1,200}$/.test(instrument.connector)) {
    throw new InvalidInputError(
      `${at}.connector`,
      instrument.connector,
      "a name of 1 to 200 characters without spaces or slashes",
    );
  }
  if (typeof instrument.symbol !== "string" || !/^\S{1,64}$/.test(instrument.symbol)) {
    throw new InvalidInputError(
      `${at}.symbol`,
      instrument.symbol,
      "a symbol of 1 to 64 characters without spaces",
    );
  }
  for (const field of ["tickSize", "lotSize"] as const) {
    const value = instrument[field];
    if (!(typeof value === "number" && value > 0 && Number.isFinite(value))) {
      throw new InvalidInputError(`${at}.${field}`, value, "a positive number");
    }
  }
}
