/**
 * A native bot's book, read in place.
 *
 * @module
 */

import type { DepthSnapshot, MarketDepth } from "../bot/market_depth.ts";
import type { BotHandle } from "./bot_handle.ts";
import { decodeSnapshot } from "./event_decode.ts";
import type { DepthFunctions } from "./symbols.ts";

const CLOSED = "Cannot read depth";

/** A book in the native library; each getter is one call into it. */
export class NativeDepth implements MarketDepth {
  readonly #handle: BotHandle;
  readonly #functions: DepthFunctions;
  readonly #pointer: Deno.PointerValue;
  readonly #length = new BigUint64Array(1);

  /**
   * @param handle The bot.
   * @param asset Asset number that exists.
   * @throws {BotError} If the library has no book for the asset.
   */
  constructor(handle: BotHandle, asset: bigint) {
    this.#handle = handle;
    this.#functions = handle.depth;
    this.#pointer = handle.bot.depth(handle.pointer, asset);
    if (this.#pointer === null) throw handle.failure(16, CLOSED);
  }

  get bestBid(): number {
    this.#handle.checkOpen(CLOSED);
    return this.#functions.best_bid(this.#pointer);
  }

  get bestAsk(): number {
    this.#handle.checkOpen(CLOSED);
    return this.#functions.best_ask(this.#pointer);
  }

  get bestBidTick(): bigint {
    this.#handle.checkOpen(CLOSED);
    return this.#functions.best_bid_tick(this.#pointer);
  }

  get bestAskTick(): bigint {
    this.#handle.checkOpen(CLOSED);
    return this.#functions.best_ask_tick(this.#pointer);
  }

  get bestBidQty(): number {
    this.#handle.checkOpen(CLOSED);
    return this.#functions.best_bid_qty(this.#pointer);
  }

  get bestAskQty(): number {
    this.#handle.checkOpen(CLOSED);
    return this.#functions.best_ask_qty(this.#pointer);
  }

  get tickSize(): number {
    this.#handle.checkOpen(CLOSED);
    return this.#functions.tick_size(this.#pointer);
  }

  get lotSize(): number {
    this.#handle.checkOpen(CLOSED);
    return this.#functions.lot_size(this.#pointer);
  }

  bidQtyAtTick(priceTick: bigint): number {
    this.#handle.checkOpen(CLOSED);
    return isTick(priceTick) ? this.#functions.bid_qty_at_tick(this.#pointer, priceTick) : 0;
  }

  askQtyAtTick(priceTick: bigint): number {
    this.#handle.checkOpen(CLOSED);
    return isTick(priceTick) ? this.#functions.ask_qty_at_tick(this.#pointer, priceTick) : 0;
  }

  snapshot(): DepthSnapshot {
    this.#handle.checkOpen(CLOSED);
    const events = this.#functions.snapshot(this.#pointer, this.#length);
    if (events === null) throw this.#handle.failure(19, "Cannot take a depth snapshot");
    const length = this.#length[0]!;
    try {
      return decodeSnapshot(events, Number(length), this.tickSize);
    } finally {
      this.#functions.snapshot_free(events, length);
    }
  }
}

/** A wider number would be cut to 64 bits on its way, and so name another price. */
function isTick(priceTick: bigint): boolean {
  return BigInt.asIntN(64, priceTick) === priceTick;
}
