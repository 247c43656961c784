/**
 * Opens the bot of a recorded market: finds the recordings of each instrument.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import type { MarketSource } from "../../replay/market_source.ts";
import { openRecording } from "../../replay/open_recording.ts";
import type { Recording, ReplayInstrument } from "../../replay/options.ts";
import { ReplayBot } from "../../replay/replay_bot.ts";
import { UsageError } from "../exit.ts";
import { readLatencies } from "./order_latency.ts";
import type { ReplaySource, ReplaySteps } from "./replay.ts";
import type { Simulation } from "./simulation.ts";

/** Opens the bot of a recorded market. */
export function replayBot(source: ReplaySource, simulation?: Simulation): LiveBot {
  const { speed, startTime, endTime, skipDamaged } = source;
  const { makerFee, takerFee, orderLatency, queueModel } = simulation ?? {};
  return new ReplayBot({
    instruments: replayInstruments(source),
    ...(speed === Infinity ? { clock: "virtual" } : { clock: "real", speed }),
    ...{ startTime, endTime, skipDamaged, makerFee, takerFee, queueModel },
    orderLatency: orderLatency && "file" in orderLatency
      ? { model: "interpolated", rows: readLatencies(orderLatency.file) }
      : orderLatency,
  });
}

/**
 * The instruments of a recorded market, each with its recordings in the order of the command line.
 *
 * @param source What the flags ask for.
 * @returns The instruments, with files that are open where the files tell the symbols; the bot closes them.
 * @throws {UsageError} If a file's instrument, or an instrument's file, is not known.
 * @throws {RecordingError} If a file cannot be read.
 */
function replayInstruments(source: ReplaySource): ReplayInstrument[] {
  const { steps } = source;
  return steps === undefined ? namedInstruments(source) : foundInstruments(source, steps);
}

function namedInstruments({ files, instruments }: ReplaySource): ReplayInstrument[] {
  const recordings = instruments.map((): Recording[] => []);
  for (const { path, symbol } of files) {
    const symbols = symbol === undefined && instruments.length > 1 ? symbolsIn(path) : [symbol];
    for (const [asset, instrument] of instruments.entries()) {
      const isIn = symbols.some((one) =>
        one === undefined || one.toLowerCase() === instrument.symbol.toLowerCase()
      );
      if (isIn) recordings[asset]!.push(path);
    }
  }
  return instruments.map((instrument, asset) => {
    const recording = recordings[asset]!;
    if (recording.length > 0) return { ...instrument, recording };
    const { symbol } = instrument;
    throw new UsageError(
      `No recording has symbol ${symbol}: name its file as --replay ${symbol}=FILE`,
    );
  });
}

/** Symbols in a file that tells them. */
function symbolsIn(path: string): string[] {
  const sources = openRecording(path);
  closeAll(sources);
  return sources.map(({ symbol }) => symbol ?? notTold(path));
}

function foundInstruments(
  { files, skipDamaged }: ReplaySource,
  steps: ReplaySteps,
): ReplayInstrument[] {
  const opened: MarketSource[] = [];
  try {
    const bySymbol = new Map<string, MarketSource[]>();
    for (const { path } of files) {
      const sources = openRecording(path, { skipDamaged });
      opened.push(...sources);
      for (const source of sources) {
        const symbol = source.symbol ?? notTold(path);
        bySymbol.set(symbol, [...bySymbol.get(symbol) ?? [], source]);
      }
    }
    return [...bySymbol].map(([symbol, recording]) => ({ ...steps, symbol, recording }));
  } catch (error) {
    closeAll(opened);
    throw error;
  }
}

function closeAll(sources: readonly MarketSource[]): void {
  for (const source of sources) source[Symbol.dispose]();
}

function notTold(path: string): never {
  throw new UsageError(
    `Recording ${path} does not tell its symbol: name one with --symbol, or for each of several ` +
      "files as --replay SYMBOL=FILE",
  );
}
