/**
 * What a recording of lines holds, as far as its beginning tells.
 *
 * @module
 */

import { RecordingError } from "../errors.ts";
import type { ByteSource } from "./byte_source.ts";
import { streamOf } from "./collector_message.ts";
import { isJsonObject } from "./json_fields.ts";
import { LineReader } from "./lines.ts";
import type { Stream } from "./streams.ts";

/** Bytes that are looked at: some thousands of messages. */
const SURVEYED_BYTES = 1024 * 1024;

/** What was found of one symbol. */
export interface SurveyedSymbol {
  /** The symbol, as its streams have it. */
  readonly symbol: string;
  /** Levels of Bybit's order books of it. */
  readonly bybitLevels: ReadonlySet<number>;
}

/**
 * Looks at the beginning of a recording.
 *
 * @param source The lines. Where they are damaged, the survey leaves it to the reader to say so.
 * @returns What was found of each symbol, by the symbol in lower case.
 */
export function survey(source: ByteSource): Map<string, SurveyedSymbol> {
  const found = new Map<string, { symbol: string; bybitLevels: Set<number> }>();
  const lines = new LineReader(source);
  const decoder = new TextDecoder();
  while (lines.offset < SURVEYED_BYTES && hasNext(lines)) {
    const { bytes, start, end } = lines;
    const text = decoder.decode(bytes.subarray(start, end));
    const { kind, symbol, levels } = parseStream(text.slice(text.indexOf(" ") + 1));
    if (kind === "other" || kind === "snapshot") continue;
    const key = symbol.toLowerCase();
    const entry = found.get(key) ?? { symbol, bybitLevels: new Set() };
    found.set(key, entry);
    if (kind === "bybitOrderBook") entry.bybitLevels.add(levels);
  }
  return found;
}

function hasNext(lines: LineReader): boolean {
  try {
    return lines.next();
  } catch (error) {
    if (error instanceof RecordingError) return false;
    throw error;
  }
}

function parseStream(json: string): Stream {
  try {
    const message: unknown = JSON.parse(json);
    if (isJsonObject(message)) return streamOf(message);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { kind: "other", symbol: "", levels: 0 };
}
