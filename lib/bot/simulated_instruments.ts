/**
 * Checking the instruments of a simulated bot.
 *
 * @module
 */

import { checkNumber } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";
import { type Instrument, validateInstrument } from "../model/instrument.ts";

/** What instruments of all simulated bots have in common. */
export interface SimulatedInstrument extends Instrument {
  /** Trades kept for `lastTrades`; undefined for the bot's own default. */
  readonly lastTradesCapacity?: number | undefined;
}

/** What is the same for every checked instrument. */
export interface CheckedInstrument {
  /** What is traded. */
  readonly instrument: Instrument;
  /** Trades kept for `lastTrades`. */
  readonly lastTradesCapacity: number;
}

/**
 * Checks a list of instruments.
 *
 * @param instruments The list.
 * @param lastTradesCapacity Trades kept where an instrument does not say.
 * @param more Checks what else an entry has; `at` is the entry's name in messages.
 * @returns What was checked, frozen where it is handed out.
 * @throws {InvalidInputError} Naming the first field that cannot be used.
 */
export function checkInstruments<T extends SimulatedInstrument, U>(
  instruments: readonly T[],
  lastTradesCapacity: number,
  more: (entry: T, at: string) => U,
): readonly (CheckedInstrument & U)[] {
  if (!Array.isArray(instruments) || instruments.length === 0 || instruments.length > 65_535) {
    throw new InvalidInputError("instruments", instruments, "a list of 1 to 65535 instruments");
  }
  const seen = new Set<string>();
  return instruments.map((entry: T, index) => {
    const at = `instruments[${index}]`;
    if (typeof entry !== "object" || entry === null) {
      throw new InvalidInputError(at, entry, "an instrument");
    }
    validateInstrument(entry, index);
    const { connector, symbol, tickSize, lotSize } = entry;
    const key = `${connector}/${symbol}`;
    if (seen.has(key)) {
      throw new InvalidInputError(`${at}.symbol`, symbol, "a symbol not yet listed");
    }
    seen.add(key);
    return {
      ...more(entry, at),
      instrument: Object.freeze({ connector, symbol, tickSize, lotSize }),
      lastTradesCapacity: entry.lastTradesCapacity === undefined
        ? checkCapacity("lastTradesCapacity", lastTradesCapacity)
        : checkCapacity(`${at}.lastTradesCapacity`, entry.lastTradesCapacity),
    };
  });
}

/** Checks how many trades are to be kept. */
function checkCapacity(field: string, capacity: number): number {
  return checkNumber(field, capacity, { min: 0, max: 16_777_216, integer: true });
}
