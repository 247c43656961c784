/**
 * An independent reader of the collector's recordings: it shares no code with
 * sim-connector or the engine, so that both can be held against it.
 *
 * The book is rebuilt by the exchange's own rules:
 * - A depth update or a REST snapshot states the whole quantity at each price it names; 0 means
 *   that the level is gone. A price that a snapshot does not name stays as it was.
 * - Of two statements about one price on one side, the one with the newer transaction time (`T`)
 *   holds, a deletion too; of the same time, the later in the file. A snapshot may be
 *   older than updates before it, as the one in our recording is.
 * - Bids and asks of one message belong together, so a book is only looked at after a message. By
 *   then no bid has reached an ask: the reader counts messages after which one has, and a test that
 *   finds none needs no rule for what a crossing deletes.
 *
 * Prices are kept in ticks and quantities in lots, as whole numbers.
 *
 * @module
 */

/** Price and quantity as the exchange writes them. */
type Row = [price: string, qty: string];

/** A line of a recording: a message of a stream, or a REST snapshot of the book. */
interface CollectorMessage {
  readonly stream?: string;
  readonly data?: {
    readonly T: number;
    readonly X?: string;
    readonly q?: string;
    readonly m?: boolean;
    readonly b?: Row[];
    readonly a?: Row[];
  };
  readonly T?: number;
  readonly bids?: Row[];
  readonly asks?: Row[];
}

/** One message of the book, in ticks and lots. */
interface DepthMessage {
  readonly time: number;
  readonly bids: readonly (readonly [tick: number, lots: number])[];
  readonly asks: readonly (readonly [tick: number, lots: number])[];
}

/** What a recording holds. */
export interface RecordingSummary {
  /** Trades of kind MARKET. */
  readonly trades: number;
  /** Lots of which the buyer took liquidity. */
  readonly buyLots: number;
  /** Lots of which the seller took liquidity. */
  readonly sellLots: number;
  /** Depth updates and snapshots. */
  readonly depthMessages: number;
  /** Messages after which the best bid was not below the best ask. */
  readonly crossings: number;
  /** Highest tick that any message names. */
  readonly highestTick: number;
  /** Bid lots by tick, best first. */
  readonly bids: readonly (readonly [tick: number, lots: number])[];
  /** Ask lots by tick, best first. */
  readonly asks: readonly (readonly [tick: number, lots: number])[];
}

/** Steps per unit: 10 for a tick size of 0.1, 1000 for a lot size of 0.001. */
export interface RecordingGrid {
  /** Ticks per unit of price. */
  readonly ticksPerUnit: number;
  /** Lots per unit of quantity. */
  readonly lotsPerUnit: number;
}

/**
 * Reads a gzip-compressed recording.
 *
 * @param path The file.
 * @param grid The instrument's grid.
 * @returns What it holds.
 */
export async function readRecording(path: string, grid: RecordingGrid): Promise<RecordingSummary> {
  const bids = new BookSide();
  const asks = new BookSide();
  let trades = 0;
  let buyLots = 0;
  let sellLots = 0;
  let depthMessages = 0;
  let crossings = 0;
  for await (const line of gzipLines(path)) {
    const message: CollectorMessage = JSON.parse(line.slice(line.indexOf(" ") + 1));
    if (message.stream?.endsWith("@trade") && message.data?.X === "MARKET") {
      const lots = Math.round(Number(message.data.q) * grid.lotsPerUnit);
      trades++;
      // The buyer was the maker, so the seller took.
      if (message.data.m) sellLots += lots;
      else buyLots += lots;
    }
    const depth = depthOf(message, grid);
    if (depth === undefined) continue;
    depthMessages++;
    bids.apply(depth.bids, depth.time);
    asks.apply(depth.asks, depth.time);
    if (bids.extreme(Math.max) >= asks.extreme(Math.min)) crossings++;
  }
  return {
    ...{ trades, buyLots, sellLots, depthMessages, crossings },
    highestTick: Math.max(bids.highestTick, asks.highestTick),
    bids: bids.levels((a, b) => b - a),
    asks: asks.levels((a, b) => a - b),
  };
}

/** One side of the book: for each price the newest statement, deletions included. */
class BookSide {
  readonly #statements = new Map<number, { lots: number; time: number }>();
  highestTick = 0;

  apply(levels: DepthMessage["bids"], time: number): void {
    for (const [tick, lots] of levels) {
      const known = this.#statements.get(tick);
      this.highestTick = Math.max(this.highestTick, tick);
      if (known === undefined || time >= known.time) this.#statements.set(tick, { lots, time });
    }
  }

  extreme(pick: (a: number, b: number) => number): number {
    let best = NaN;
    for (const [tick, { lots }] of this.#statements) {
      if (lots > 0) best = Number.isNaN(best) ? tick : pick(best, tick);
    }
    return best;
  }

  levels(order: (a: number, b: number) => number): [number, number][] {
    return [...this.#statements]
      .filter(([, { lots }]) => lots > 0)
      .map(([tick, { lots }]): [number, number] => [tick, lots])
      .sort(([a], [b]) => order(a, b));
  }
}

function depthOf(message: CollectorMessage, grid: RecordingGrid): DepthMessage | undefined {
  const levels = (rows: Row[]) =>
    rows.map(([price, qty]): [number, number] => [
      Math.round(Number(price) * grid.ticksPerUnit),
      Math.round(Number(qty) * grid.lotsPerUnit),
    ]);
  const { stream, data, T, bids, asks } = message;
  if (stream?.includes("@depth") && data?.b && data.a) {
    return { time: data.T, bids: levels(data.b), asks: levels(data.a) };
  }
  return T !== undefined && bids && asks
    ? { time: T, bids: levels(bids), asks: levels(asks) }
    : undefined;
}

async function* gzipLines(path: string): AsyncGenerator<string> {
  const file = await Deno.open(path);
  const text = file.readable
    .pipeThrough(new DecompressionStream("gzip"))
    .pipeThrough(new TextDecoderStream());
  let rest = "";
  for await (const chunk of text) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
