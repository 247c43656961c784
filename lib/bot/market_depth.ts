/**
 * The book of one instrument, as a bot shows it.
 *
 * @module
 */

/** One price level. */
export interface DepthLevel {
  /** Price, in quote currency. */
  readonly price: number;
  /** Price in ticks. */
  readonly priceTick: bigint;
  /** Quantity, in base units. */
  readonly qty: number;
}

/** A copy of a whole book: bids from the best down, asks from the best up. */
export interface DepthSnapshot {
  /** Bid levels, best first. */
  readonly bids: readonly DepthLevel[];
  /** Ask levels, best first. */
  readonly asks: readonly DepthLevel[];
}

/**
 * A live view of one instrument's book: each read shows the book as of the
 * bot's last call. An empty side has price NaN, quantity 0 and tick
 * {@linkcode NO_BID_TICK} or {@linkcode NO_ASK_TICK}, as upstream.
 */
export interface MarketDepth {
  /** Highest bid price, in quote currency. */
  readonly bestBid: number;
  /** Lowest ask price, in quote currency. */
  readonly bestAsk: number;
  /** Highest bid price in ticks. */
  readonly bestBidTick: bigint;
  /** Lowest ask price in ticks. */
  readonly bestAskTick: bigint;
  /** Quantity at the best bid, in base units. */
  readonly bestBidQty: number;
  /** Quantity at the best ask, in base units. */
  readonly bestAskQty: number;
  /** Smallest price step. */
  readonly tickSize: number;
  /** Smallest quantity step. */
  readonly lotSize: number;
  /** Quantity bid at a price in ticks; 0 where there is none. */
  bidQtyAtTick(priceTick: bigint): number;
  /** Quantity asked at a price in ticks; 0 where there is none. */
  askQtyAtTick(priceTick: bigint): number;
  /** A copy of the whole book. */
  snapshot(): DepthSnapshot;
}

/** Best bid tick of a book without bids: upstream's INVALID_MIN. */
export const NO_BID_TICK: bigint = -(2n ** 63n);

/** Best ask tick of a book without asks: upstream's INVALID_MAX. */
export const NO_ASK_TICK: bigint = 2n ** 63n - 1n;
