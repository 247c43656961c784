/**
 * Names of the streams in a recording.
 *
 * @module
 */

/** What a stream carries. */
export type StreamKind =
  | "trade"
  | "depth"
  | "bookTicker"
  | "snapshot"
  | "bybitOrderBook"
  | "bybitTrade"
  | "other";

/** A stream, as its name tells. */
export interface Stream {
  /** What it carries. */
  readonly kind: StreamKind;
  /** The symbol, as the stream has it. */
  readonly symbol: string;
  /** Levels of an order book of Bybit's, which has several; else 0. */
  readonly levels: number;
}

/** How a message begins that names a stream. */
export interface StreamHead<T> {
  /** Bytes from the message's first to the name's closing quote. */
  readonly bytes: Uint8Array;
  /** What was made of the stream. */
  readonly value: T;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const BINANCE_START = encoder.encode('{"stream":"');
const BYBIT_START = encoder.encode('{"topic":"');
const QUOTE = 0x22;
const MAX_KNOWN = 1024;

/** What a name of Binance's tells, such as "btcusdt@depth@0ms". */
export function binanceStream(name: string): Stream {
  const at = name.indexOf("@");
  const symbol = name.slice(0, at).toLowerCase();
  const channel = name.slice(at + 1);
  const kind = channel === "trade" || channel === "bookTicker"
    ? channel
    : channel === "depth" || channel.startsWith("depth@")
    ? "depth"
    : "other";
  return { kind: at > 0 ? kind : "other", symbol, levels: 0 };
}

/** What a topic of Bybit's tells, such as "orderbook.50.BTCUSDT". */
export function bybitStream(topic: string): Stream {
  const [channel, ...rest] = topic.split(".");
  const symbol = rest.at(-1) ?? "";
  const levels = Number(rest[0]);
  if (channel === "orderbook" && rest.length === 2 && levels > 0) {
    return { kind: "bybitOrderBook", symbol, levels };
  }
  return { kind: channel === "publicTrade" ? "bybitTrade" : "other", symbol, levels: 0 };
}

/** Finds a line's stream by the bytes of its name, so that most lines need not be parsed. */
export class StreamNames<T> {
  readonly #classify: (stream: Stream) => T;
  readonly #known: StreamHead<T>[] = [];

  /** @param classify Makes what {@linkcode find} answers, once for each stream. */
  constructor(classify: (stream: Stream) => T) {
    this.#classify = classify;
  }

  /**
   * Finds the stream of a message.
   *
   * @param bytes Where it lies.
   * @param start Its first byte.
   * @param end After its last byte.
   * @returns The stream; undefined if the message does not begin with a name.
   */
  find(bytes: Uint8Array, start: number, end: number): StreamHead<T> | undefined {
    for (const head of this.#known) {
      if (startsWith(bytes, start, end, head.bytes)) return head;
    }
    const binance = nameAfter(BINANCE_START, bytes, start, end);
    if (binance !== undefined) return this.#add(BINANCE_START, binance, binanceStream(binance));
    const bybit = nameAfter(BYBIT_START, bytes, start, end);
    if (bybit !== undefined) return this.#add(BYBIT_START, bybit, bybitStream(bybit));
    return undefined;
  }

  #add(prefix: Uint8Array, name: string, stream: Stream): StreamHead<T> {
    const bytes = Uint8Array.of(...prefix, ...encoder.encode(`${name}"`));
    const head = { bytes, value: this.#classify(stream) };
    // Damaged lines may have any number of names.
    if (this.#known.length < MAX_KNOWN) this.#known.push(head);
    return head;
  }
}

function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (end - start < prefix.length) return false;
  // Names differ late, so the comparison begins there.
  for (let i = prefix.length - 1; i >= 0; i--) {
    if (bytes[start + i] !== prefix[i]) return false;
  }
  return true;
}

/** The text after a prefix, up to a quote. */
function nameAfter(
  prefix: Uint8Array,
  bytes: Uint8Array,
  start: number,
  end: number,
): string | undefined {
  if (!startsWith(bytes, start, end, prefix)) return undefined;
  const nameStart = start + prefix.length;
  const quote = bytes.indexOf(QUOTE, nameStart);
  return quote < 0 || quote >= end ? undefined : decoder.decode(bytes.subarray(nameStart, quote));
}
