/**
 * The flags that name what to watch or trade, and the instruments they mean.
 *
 * @module
 */

import { InvalidInputError } from "../model/errors.ts";
import type { Instrument } from "../model/instrument.ts";
import { UsageError } from "./exit.ts";
import { type FlagValues, numberOf } from "./flags.ts";

/** The flags that name instruments. */
export const INSTRUMENT_FLAGS = {
  connector: {
    kind: "text",
    placeholder: "NAME",
    description: "Name that the connector was started with (its first argument)",
  },
  symbol: {
    kind: "text",
    alias: "s",
    placeholder: "SYMBOL",
    repeatable: true,
    description: "Symbol as the connector spells it; Binance wants lower case",
  },
  "tick-size": {
    kind: "number",
    placeholder: "PRICE",
    positive: true,
    description: "Smallest price step of every --symbol",
  },
  "lot-size": {
    kind: "number",
    placeholder: "QTY",
    positive: true,
    description: "Smallest quantity step of every --symbol",
  },
  instrument: {
    kind: "text",
    placeholder: "NAME:SYMBOL:TICK:LOT",
    repeatable: true,
    description: "The four above in one, for instruments that differ in them",
  },
} as const;

/** The instrument of a stub that nothing is said about. */
const STUB_INSTRUMENT: Instrument = {
  connector: "stub",
  symbol: "btcusdt",
  tickSize: 0.1,
  lotSize: 0.001,
};

/** The values of the flags that name instruments. */
export type InstrumentValues = FlagValues<typeof INSTRUMENT_FLAGS>;

/**
 * The instruments of a live market.
 *
 * @param flags The values of {@linkcode INSTRUMENT_FLAGS}.
 * @returns At least one instrument.
 * @throws {UsageError} Naming the flags that are missing.
 * @throws {InvalidInputError} Naming the value that cannot be used.
 */
export function liveInstruments(flags: InstrumentValues): Instrument[] {
  const named = flags.instrument.map(parseInstrument);
  const { connector, symbol: symbols, "tick-size": tickSize, "lot-size": lotSize } = flags;
  const given = { connector, symbol: symbols[0], "tick-size": tickSize, "lot-size": lotSize };
  const missing = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [`--${name}`] : []
  );
  if (missing.length === 4 && named.length > 0) return unique(named);
  if (connector === undefined || tickSize === undefined || lotSize === undefined || missing[0]) {
    throw new UsageError(
      `Missing ${missing.length > 1 ? "flags" : "flag"}: --live needs ${missing.join(", ")}` +
        (named.length > 0 ? " beside --instrument" : " (or --instrument NAME:SYMBOL:TICK:LOT)"),
    );
  }
  return unique([
    ...symbols.map((symbol) => ({ connector, symbol, tickSize, lotSize })),
    ...named,
  ]);
}

/** The instruments of a stub: those named, with defaults for what is not said. */
export function stubInstruments(flags: InstrumentValues): Instrument[] {
  const {
    connector = STUB_INSTRUMENT.connector,
    "tick-size": tickSize = STUB_INSTRUMENT.tickSize,
    "lot-size": lotSize = STUB_INSTRUMENT.lotSize,
  } = flags;
  const named = flags.instrument.map(parseInstrument);
  const symbols = flags.symbol.length > 0 || named.length > 0
    ? flags.symbol
    : [STUB_INSTRUMENT.symbol];
  return unique([
    ...symbols.map((symbol) => ({ connector, symbol, tickSize, lotSize })),
    ...named,
  ]);
}

/**
 * Reads `NAME:SYMBOL:TICK:LOT`.
 *
 * @throws {InvalidInputError} If the text is not of this form.
 */
export function parseInstrument(text: string): Instrument {
  const [connector, symbol, tick, lot, ...rest] = text.split(":");
  const tickSize = numberOf(tick ?? "");
  const lotSize = numberOf(lot ?? "");
  if (
    !connector || !symbol || rest.length > 0 ||
    !(tickSize !== undefined && tickSize > 0) || !(lotSize !== undefined && lotSize > 0)
  ) {
    throw new InvalidInputError(
      "--instrument",
      text,
      "NAME:SYMBOL:TICK:LOT, such as binancefutures:btcusdt:0.1:0.001",
    );
  }
  return { connector, symbol, tickSize, lotSize };
}

/** Warnings about instruments that will most likely never see any data. */
export function instrumentWarnings(instruments: readonly Instrument[]): string[] {
  return instruments.flatMap(({ connector, symbol }) =>
    /binance/i.test(connector) && symbol !== symbol.toLowerCase()
      ? [
        `Symbol ${symbol} on ${connector}: Binance feeds match lower case only, ` +
        `use ${symbol.toLowerCase()}`,
      ]
      : []
  );
}

/**
 * Checks that no symbol is named twice on one connector.
 *
 * @throws {InvalidInputError} Naming the symbol that is.
 */
export function unique(instruments: readonly Instrument[]): Instrument[] {
  const seen = new Set<string>();
  for (const { connector, symbol } of instruments) {
    const key = `${connector}:${symbol}`;
    if (seen.has(key)) {
      throw new InvalidInputError("--symbol", symbol, `no symbol twice on connector ${connector}`);
    }
    seen.add(key);
  }
  return [...instruments];
}
