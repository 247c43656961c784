/**
 * Ways to read a recording, and bare ways to decode the same file.
 *
 * @module
 */

import { EventBatch, EventKind, openRecording, ReplayBot } from "@hftlive/hftlive";
import { type ByteSource, FileBytes } from "../../lib/replay/format/byte_source.ts";
import { GzipBytes } from "../../lib/replay/format/gzip.ts";
import { openArrayInZip } from "../../lib/replay/format/zip.ts";

/** As much as a source reads at once. */
const PIECE = 256 * 1024;
const INSTRUMENT = { connector: "replay", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };

/** What one reading took. */
export interface Reading {
  /** Seconds. */
  readonly seconds: number;
  /** Market events read; 0 where bytes are only decoded. */
  readonly events: number;
  /** Bytes after decompression; 0 where events are read. */
  readonly bytes: number;
}

/** Reads a file as it is. */
export function rawRead(path: string): Reading {
  return decode(() => new FileBytes(path));
}

/** Decompresses a gzip file. */
export function gunzip(path: string): Reading {
  return decode(() => new GzipBytes(new FileBytes(path)));
}

/** Takes an array out of its archive. */
export function unzip(path: string): Reading {
  return decode(() => openArrayInZip(path));
}

/** Reads the events of a recording. */
export function source(path: string): Reading {
  const start = performance.now();
  const [opened] = openRecording(path);
  using open = opened;
  let events = 0;
  for (let block = open?.next(); block !== undefined; block = open?.next()) events += block.length;
  return { seconds: (performance.now() - start) / 1000, events, bytes: 0 };
}

/**
 * Replays a recording through a bot.
 *
 * @param path The recording.
 * @param sample Called after each poll with the events read so far.
 */
export function replay(path: string, sample?: (events: number) => void): Reading {
  const start = performance.now();
  using bot = new ReplayBot({ instruments: [{ ...INSTRUMENT, recording: path }] });
  const batch = new EventBatch(4096);
  let events = 0;
  while (bot.poll(batch) >= 0) {
    for (let i = 0; i < batch.length; i++) if (batch.kind(i) <= EventKind.Bbo) events++;
    sample?.(events);
  }
  return { seconds: (performance.now() - start) / 1000, events, bytes: 0 };
}

function decode(open: () => ByteSource): Reading {
  const start = performance.now();
  using bytes = open();
  const piece = new Uint8Array(PIECE);
  while (bytes.read(piece) > 0);
  return { seconds: (performance.now() - start) / 1000, events: 0, bytes: bytes.offset };
}
