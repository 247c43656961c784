/**
 * What executions of one instrument have brought.
 *
 * @module
 */

import { Grid } from "../../bot/grid.ts";
import { CompensatedSum } from "../../client/compensated_sum.ts";
import type { Execution } from "../../model/execution.ts";
import type { Instrument } from "../../model/instrument.ts";
import type { FillFigures } from "../report/figures.ts";

/** Fees as a share of the value executed; negative for a rebate. */
export interface TradingFees {
  /** For an execution that provided liquidity. */
  readonly makerFee: number;
  /** For an execution that took liquidity. */
  readonly takerFee: number;
}

/**
 * Cash, fees and quantities of one instrument. A live engine knows none of them but the
 * position, so that they are added up from executions here, for every bot alike.
 */
export class Account {
  readonly #fees: TradingFees;
  readonly #lots: Grid;
  readonly #startPosition: number;
  readonly #balance = new CompensatedSum();
  readonly #fee = new CompensatedSum();
  readonly #bought = new CompensatedSum();
  readonly #sold = new CompensatedSum();
  readonly #boughtValue = new CompensatedSum();
  readonly #soldValue = new CompensatedSum();
  #maker = 0;
  #taker = 0;
  #inferred = 0;
  /** Mid price when a position that was there before counts from. */
  #startMid = NaN;
  #mid = NaN;
  #equity = 0;
  #peak = 0;
  #maxDrawdown = 0;

  /**
   * @param instrument What is traded.
   * @param startPosition Signed quantity held at the start, in base units.
   * @param fees Fees of executions.
   */
  constructor(instrument: Instrument, startPosition: number, fees: TradingFees) {
    this.#fees = fees;
    this.#lots = new Grid(instrument.lotSize);
    this.#startPosition = startPosition;
  }

  /** Cash, in quote currency: what sales brought, less what purchases cost. */
  get balance(): number {
    return this.#balance.value;
  }

  /** Mid price at the last mark that had one, in quote currency; NaN before. */
  get mid(): number {
    return this.#mid;
  }

  /** Fees paid, in quote currency. */
  get fee(): number {
    return this.#fee.value;
  }

  /** Value executed, in quote currency. */
  get turnover(): number {
    return this.#boughtValue.value + this.#soldValue.value;
  }

  /** Signed quantity held, in base units: that of the start, and what was executed since. */
  get position(): number {
    return this.#lots.snap(this.#startPosition + this.#bought.value - this.#sold.value);
  }

  /** Profit since the start, in quote currency: cash and position at the mid price, less fees. */
  get equity(): number {
    return this.#equity;
  }

  /** Largest fall of the equity below its peak so far, in quote currency. */
  get maxDrawdown(): number {
    return this.#maxDrawdown;
  }

  /** How many executions there were. */
  get fillCount(): number {
    return this.#maker + this.#taker;
  }

  /** Counts and averages of the executions. */
  get fills(): FillFigures {
    const bought = this.#lots.snap(this.#bought.value);
    const sold = this.#lots.snap(this.#sold.value);
    return {
      count: this.fillCount,
      maker: this.#maker,
      taker: this.#taker,
      inferred: this.#inferred,
      bought,
      sold,
      averageBuyPrice: bought > 0 ? this.#boughtValue.value / bought : null,
      averageSellPrice: sold > 0 ? this.#soldValue.value / sold : null,
    };
  }

  /** Takes in an execution. */
  execute({ isBuy, price, qty, maker, inferred }: Execution): void {
    const value = price * qty;
    this.#balance.add(isBuy ? -value : value);
    this.#fee.add(value * (maker ? this.#fees.makerFee : this.#fees.takerFee));
    (isBuy ? this.#bought : this.#sold).add(qty);
    (isBuy ? this.#boughtValue : this.#soldValue).add(value);
    if (maker) this.#maker++;
    else this.#taker++;
    if (inferred) this.#inferred++;
  }

  /**
   * Values the account.
   *
   * @param mid Mid price, in quote currency; NaN while there is none, for the last one known.
   */
  mark(mid: number): void {
    if (!Number.isNaN(mid)) this.#mid = mid;
    if (Number.isNaN(this.#mid)) return;
    if (Number.isNaN(this.#startMid)) this.#startMid = this.#mid;
    this.#equity = this.#balance.value + this.position * this.#mid -
      this.#startPosition * this.#startMid - this.#fee.value;
    if (this.#equity > this.#peak) this.#peak = this.#equity;
    else this.#maxDrawdown = Math.max(this.#maxDrawdown, this.#peak - this.#equity);
  }
}
