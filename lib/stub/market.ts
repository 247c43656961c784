/**
 * The random market of one instrument.
 *
 * @module
 */

import type { EventQueue } from "../bot/event_queue.ts";
import { Grid } from "../bot/grid.ts";
import { BUY_FLAG, EventKind, EXCH_FLAG, LOCAL_FLAG, SELL_FLAG } from "../bot/record.ts";
import { Ladder, type LevelListener } from "./ladder.ts";
import type { Random } from "./random.ts";
import type { StubSettings } from "./settings.ts";

const VALID = EXCH_FLAG + LOCAL_FLAG;
const BID_DEPTH = VALID + BUY_FLAG + EventKind.Depth;
const ASK_DEPTH = VALID + SELL_FLAG + EventKind.Depth;
const BID_SNAPSHOT = VALID + BUY_FLAG + EventKind.Snapshot;
const ASK_SNAPSHOT = VALID + SELL_FLAG + EventKind.Snapshot;
const CLEAR = VALID + EventKind.DepthClear;
const BUY_TRADE = VALID + BUY_FLAG + EventKind.Trade;
const SELL_TRADE = VALID + SELL_FLAG + EventKind.Trade;

/**
 * The market as the exchange has it. Each step a fair price walks at random on the
 * tick grid and the spread opens or closes by a tick; then a trade may print at the
 * best price, and the displayed book may follow the fair price. The bot's own orders
 * leave no trace in it, so that a seed gives the same market to every strategy.
 */
export class Market {
  /** Bids, as displayed. */
  readonly bids: Ladder;
  /** Asks, as displayed. */
  readonly asks: Ladder;
  /** Tick of the last step's trade if a buyer took liquidity; NaN for none. */
  buyTradeTick: number;
  /** Tick of the last step's trade if a seller took liquidity; NaN for none. */
  sellTradeTick: number;
  /** Whether nobody hears of it: it goes on while no connector runs. */
  muted = false;

  readonly #asset: number;
  readonly #settings: StubSettings;
  readonly #random: Random;
  readonly #prices: Grid;
  readonly #lots: Grid;
  readonly #feeds: EventQueue;
  readonly #minFairTick: number;
  #fairTick: number;
  #spread: number;
  #exch = 0;
  #local = 0;

  readonly #bidChanged: LevelListener = (tick, lots) => this.#level(BID_DEPTH, tick, lots);
  readonly #askChanged: LevelListener = (tick, lots) => this.#level(ASK_DEPTH, tick, lots);

  /**
   * @param asset Asset number of its instrument.
   * @param settings Checked options.
   * @param random Its source of chance.
   * @param feeds Takes its events.
   */
  constructor(asset: number, settings: StubSettings, random: Random, feeds: EventQueue) {
    this.buyTradeTick = NaN;
    this.sellTradeTick = NaN;
    this.#asset = asset;
    this.#settings = settings;
    this.#random = random;
    this.#feeds = feeds;
    const { instrument, basePrice } = settings.assets[asset]!;
    this.#prices = new Grid(instrument.tickSize);
    this.#lots = new Grid(instrument.lotSize);
    const { depthLevels, spreadTicks, levelLots } = settings;
    this.#fairTick = this.#prices.steps(basePrice);
    this.#minFairTick = depthLevels + spreadTicks.max;
    this.#spread = (spreadTicks.min + spreadTicks.max) >> 1;
    const drawLots = () => random.int(levelLots.min, levelLots.max);
    this.bids = new Ladder(1, this.#bidTick, depthLevels, drawLots);
    this.asks = new Ladder(-1, this.#bidTick + this.#spread, depthLevels, drawLots);
  }

  /** Lets one step pass. */
  step(exch: number, local: number): void {
    const { volatilityTicks, spreadTicks, tradeProbability, depthProbability } = this.#settings;
    const random = this.#random;
    this.#exch = exch;
    this.#local = local;
    const fair = this.#fairTick + random.int(-volatilityTicks, volatilityTicks);
    // Reflected at the bottom, where the lowest bid is one tick.
    this.#fairTick = Math.max(fair, 2 * this.#minFairTick - fair);
    const spread = this.#spread + random.int(-1, 1);
    this.#spread = Math.min(Math.max(spread, spreadTicks.min), spreadTicks.max);
    this.buyTradeTick = NaN;
    this.sellTradeTick = NaN;
    if (random.chance(tradeProbability)) this.#trade();
    if (random.chance(depthProbability)) this.#update();
  }

  /** Sends the whole book. */
  snapshot(exch: number, local: number): void {
    this.#exch = exch;
    this.#local = local;
    for (let i = 0; i < this.bids.depth; i++) {
      this.#level(BID_SNAPSHOT, this.bids.tickAt(i), this.bids.lotsAt(i));
    }
    for (let i = 0; i < this.asks.depth; i++) {
      this.#level(ASK_SNAPSHOT, this.asks.tickAt(i), this.asks.lotsAt(i));
    }
  }

  get #bidTick(): number {
    return this.#fairTick - (this.#spread >> 1);
  }

  #trade(): void {
    const { min, max } = this.#settings.tradeLots;
    const random = this.#random;
    const isBuy = random.chance(0.5);
    const side = isBuy ? this.asks : this.bids;
    // No more prints than is displayed.
    const lots = Math.min(random.int(min, max), side.lotsAt(0));
    if (isBuy) this.buyTradeTick = side.best;
    else this.sellTradeTick = side.best;
    this.#level(isBuy ? BUY_TRADE : SELL_TRADE, side.best, lots);
  }

  /** Moves the displayed book to the fair price, as one message. */
  #update(): void {
    const feeds = this.#feeds;
    const random = this.#random;
    const { bids, asks } = this;
    const bidTick = this.#bidTick;
    const askTick = bidTick + this.#spread;
    if (!this.muted) feeds.pushMark(EventKind.BatchStart, this.#asset, this.#exch, this.#local, 0);
    // A side that gives way goes first, so that the book is never crossed.
    if (askTick > asks.best) asks.moveTo(askTick, this.#askChanged);
    bids.moveTo(bidTick, this.#bidChanged);
    if (askTick < asks.best) asks.moveTo(askTick, this.#askChanged);
    bids.redraw(random.int(0, bids.depth - 1), this.#bidChanged);
    asks.redraw(random.int(0, asks.depth - 1), this.#askChanged);
    if (!this.muted) feeds.pushMark(EventKind.BatchEnd, this.#asset, this.#exch, this.#local, 0);
  }

  /** Tells that the book was emptied, since what a bot holds of it is old. */
  clear(exch: number, local: number): void {
    this.#feeds.push(CLEAR, this.#asset, exch, local, 0, 0);
  }

  #level(ev: number, tick: number, lots: number): void {
    if (this.muted) return;
    this.#feeds.push(
      ev,
      this.#asset,
      this.#exch,
      this.#local,
      this.#prices.value(tick),
      this.#lots.value(lots),
    );
  }
}
