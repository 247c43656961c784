/** The semantics of upstream's HashMapMarketDepth, spelled out tick by tick over plain maps. */

/** A book to hold another against. */
export class NaiveDepth {
  readonly bids: Map<number, number> = new Map();
  readonly asks: Map<number, number> = new Map();
  bestBid: number;
  bestAsk: number;
  #lowBid = Infinity;
  #highAsk = -Infinity;

  constructor() {
    this.bestBid = -Infinity;
    this.bestAsk = Infinity;
  }

  updateBid(tick: number, qty: number): void {
    if (qty > 0) this.bids.set(tick, qty);
    else this.bids.delete(tick);
    if (qty > 0) {
      if (tick > this.bestBid) {
        this.bestBid = tick;
        if (this.bestBid >= this.bestAsk) this.bestAsk = this.#askAbove(tick);
      }
      this.#lowBid = Math.min(this.#lowBid, tick);
    } else if (tick === this.bestBid) {
      this.bestBid = this.#bidBelow(tick);
      if (this.bestBid === -Infinity) this.#lowBid = Infinity;
    }
  }

  updateAsk(tick: number, qty: number): void {
    if (qty > 0) this.asks.set(tick, qty);
    else this.asks.delete(tick);
    if (qty > 0) {
      if (tick < this.bestAsk) {
        this.bestAsk = tick;
        if (this.bestBid >= this.bestAsk) this.bestBid = this.#bidBelow(tick);
      }
      this.#highAsk = Math.max(this.#highAsk, tick);
    } else if (tick === this.bestAsk) {
      this.bestAsk = this.#askAbove(tick);
      if (this.bestAsk === Infinity) this.#highAsk = -Infinity;
    }
  }

  clearBids(): void {
    this.bids.clear();
    this.bestBid = -Infinity;
    this.#lowBid = Infinity;
  }

  clearAsks(): void {
    this.asks.clear();
    this.bestAsk = Infinity;
    this.#highAsk = -Infinity;
  }

  #bidBelow(end: number): number {
    const ticks = [...this.bids.keys()].filter((tick) => tick < end && tick >= this.#lowBid);
    return Math.max(-Infinity, ...ticks);
  }

  #askAbove(start: number): number {
    const ticks = [...this.asks.keys()].filter((tick) => tick > start && tick <= this.#highAsk);
    return Math.min(Infinity, ...ticks);
  }
}
