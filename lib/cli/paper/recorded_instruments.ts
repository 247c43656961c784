/**
 * Names the instruments of a recorded market, with the steps that their prices and quantities have.
 *
 * @module
 */

import { EventKind, RECORD, RECORD_SIZE } from "../../bot/record.ts";
import { InvalidInputError } from "../../model/errors.ts";
import type { Instrument } from "../../model/instrument.ts";
import type { MarketSource, RecordBlock } from "../../replay/market_source.ts";
import { openRecording } from "../../replay/open_recording.ts";
import { UsageError } from "../exit.ts";
import type { ReplayFile, ReplaySource } from "../source/replay.ts";
import { StepFinder } from "./step_finder.ts";

/** Market events that are looked at: enough for a book and some of its changes. */
const EVENTS = 20_000;

/** Which steps are not known. */
export interface UnknownSteps {
  /** Whether the price step is to be found. */
  readonly tickSize: boolean;
  /** Whether the quantity step is to be found. */
  readonly lotSize: boolean;
}

/** What a recording shows of one symbol. */
interface Shown {
  readonly prices: StepFinder;
  readonly quantities: StepFinder;
}

/**
 * Names the instruments of a recorded market: those of the flags, else all in the files. Steps that
 * the flags leave open are the coarsest that the beginning of the recording allows.
 *
 * @param market The market, as the flags tell it.
 * @param unknown Which of its steps the flags leave open.
 * @returns The same with all its instruments, their symbols in lower case.
 * @throws {UsageError} If a symbol or a step cannot be told from the files.
 * @throws {RecordingError} If a file cannot be read.
 * @throws {InvalidInputError} If there is no such file.
 */
export function withInstruments(market: ReplaySource, unknown: UnknownSteps): ReplaySource {
  const shown = new Map<string, Shown>();
  for (const file of market.files) {
    const sources = open(file.path, market);
    try {
      for (const source of sources) look(source, symbolOf(source, file, market), shown);
    } finally {
      for (const source of sources) source[Symbol.dispose]();
    }
  }
  const { steps, instruments } = market;
  const wanted: readonly Instrument[] = steps === undefined
    ? instruments
    : [...shown.keys()].map((symbol) => ({ ...steps, symbol }));
  return {
    ...market,
    steps: undefined,
    instruments: wanted.map((instrument) => {
      const { symbol, tickSize, lotSize } = instrument;
      const found = shown.get(symbol) ?? notShown(symbol, shown);
      return {
        ...instrument,
        tickSize: unknown.tickSize ? stepOf("--tick-size", symbol, found.prices) : tickSize,
        lotSize: unknown.lotSize ? stepOf("--lot-size", symbol, found.quantities) : lotSize,
      };
    }),
  };
}

function open(path: string, { skipDamaged }: ReplaySource): MarketSource[] {
  try {
    return openRecording(path, { skipDamaged });
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new UsageError(error.message.replace(error.field, "--data"));
  }
}

function notShown(symbol: string, shown: ReadonlyMap<string, Shown>): never {
  throw new UsageError(
    `No recording has symbol ${symbol}, there is ${[...shown.keys()].join(", ")}`,
  );
}

function symbolOf(source: MarketSource, file: ReplayFile, market: ReplaySource): string {
  const { instruments } = market;
  const only = instruments.length === 1 ? instruments[0]?.symbol : undefined;
  const symbol = source.symbol ?? file.symbol ?? only;
  if (symbol !== undefined) return symbol.toLowerCase();
  throw new UsageError(
    `Recording ${file.path} does not tell its symbol: name it with --symbol, or for each of ` +
      "several files as --data SYMBOL=FILE",
  );
}

/** Takes in the prices and quantities at the beginning of a recording. */
function look(source: MarketSource, symbol: string, all: Map<string, Shown>): void {
  const shown = all.get(symbol) ?? { prices: new StepFinder(), quantities: new StepFinder() };
  all.set(symbol, shown);
  for (let events = 0; events < EVENTS;) {
    const block = source.next();
    if (block === undefined) return;
    addBlock(block, shown);
    events += block.length;
  }
}

function addBlock({ bytes, length }: RecordBlock, { prices, quantities }: Shown): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < length * RECORD_SIZE; at += RECORD_SIZE) {
    const kind = view.getUint8(at + RECORD.ev);
    // The price of a clear is a bound, which need not lie on the grid.
    if (kind === EventKind.DepthClear) continue;
    prices.add(view.getFloat64(at + RECORD.price, true));
    quantities.add(view.getFloat64(at + RECORD.qty, true));
  }
}

function stepOf(flag: string, symbol: string, { step }: StepFinder): number {
  if (step !== undefined) return step;
  throw new UsageError(
    `Missing flag: the recording shows too little of ${symbol} to tell its step, give ${flag}`,
  );
}
