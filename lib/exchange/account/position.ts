/**
 * A position in one symbol, long or short.
 *
 * @module
 */

import { divideRounded } from "./money.ts";

/** The cost is counted in this part of a tick lot, so that what a reduction rounds away is nothing. */
const COST_SCALE = 10n ** 9n;

/** Quantity, average entry price and what closing realised; all in ticks and lots. */
export class Position {
  /** Signed quantity, in lots. */
  lots = 0;
  /** What the position cost, in ticks times lots times 10^9; as positive for short as for long. */
  #cost = 0n;

  /**
   * Takes in an execution.
   *
   * @param signedLots Lots bought, or less than 0, sold.
   * @param tick Price in ticks.
   * @returns Profit that it realised, in ticks times lots.
   */
  execute(signedLots: number, tick: number): bigint {
    const held = this.lots;
    const closes = held !== 0 && Math.sign(held) !== Math.sign(signedLots)
      ? Math.min(Math.abs(held), Math.abs(signedLots))
      : 0;
    let profit = 0n;
    if (closes > 0) {
      const cost = divideRounded(this.#cost * BigInt(closes), BigInt(Math.abs(held)));
      const proceeds = BigInt(tick) * BigInt(closes) * COST_SCALE;
      profit = held > 0 ? proceeds - cost : cost - proceeds;
      this.#cost -= cost;
    }
    const opens = Math.abs(signedLots) - closes;
    this.#cost += BigInt(tick) * BigInt(opens) * COST_SCALE;
    this.lots = held + signedLots;
    return divideRounded(profit, COST_SCALE);
  }

  /** Profit if it were closed at a price, in ticks times lots. */
  profitAt(tick: number): bigint {
    const value = BigInt(Math.round(tick)) * BigInt(Math.abs(this.lots)) * COST_SCALE;
    return divideRounded(this.lots >= 0 ? value - this.#cost : this.#cost - value, COST_SCALE);
  }

  /**
   * Average entry price.
   *
   * @param parts Parts that a tick is told in.
   * @returns The price in such parts of a tick; 0 without a position.
   */
  entry(parts: bigint): bigint {
    if (this.lots === 0) return 0n;
    return divideRounded(this.#cost * parts, BigInt(Math.abs(this.lots)) * COST_SCALE);
  }
}
