/**
 * The random market of one instrument.
 *
 * @module
 */

import type { EventQueue } from "../bot/event_queue.ts";
import { Grid } from "../bot/grid.ts";
import { EventKind } from "../bot/record.ts";
import { Ladder } from "./ladder.ts";
import { MarketFeed } from "./market_feed.ts";
import type { Random } from "./random.ts";
import type { StubSettings } from "./settings.ts";

// Own constants, for the compiler: see event_queue.ts.
const { Trade: TRADE, BatchStart: BATCH_START, BatchEnd: BATCH_END } = EventKind;

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
  /** When it moves, or moved last; set before each step. */
  time = 0;
  /** Tick of the last step's trade if a buyer took liquidity; NaN for none. */
  buyTradeTick: number = NaN;
  /** Tick of the last step's trade if a seller took liquidity; NaN for none. */
  sellTradeTick: number = NaN;

  readonly #settings: StubSettings;
  readonly #random: Random;
  readonly #feed: MarketFeed;
  readonly #minFairTick: number;
  #fairTick = 0;
  #spread = 0;

  /**
   * @param asset Asset number of its instrument.
   * @param settings Checked options.
   * @param random Its source of chance.
   * @param feeds Takes its events, at the times that it was told last.
   */
  constructor(asset: number, settings: StubSettings, random: Random, feeds: EventQueue) {
    this.#settings = settings;
    this.#random = random;
    const { instrument, basePrice } = settings.assets[asset]!;
    const { depthLevels: depth, spreadTicks, levelLots } = settings;
    const feed = new MarketFeed(asset, instrument, feeds);
    this.#feed = feed;
    this.#minFairTick = depth + spreadTicks.max;
    this.#fairTick = new Grid(instrument.tickSize).steps(basePrice);
    this.#spread = (spreadTicks.min + spreadTicks.max) >> 1;
    this.bids = new Ladder(1, this.#bidTick, { depth, levelLots, random, feed });
    this.asks = new Ladder(-1, this.#bidTick + this.#spread, { depth, levelLots, random, feed });
  }

  /** Keeps its events from the bot, or lets them through again. */
  mute(muted: boolean): void {
    this.#feed.muted = muted;
  }

  /** Lets one step pass. */
  step(): void {
    const { volatilityTicks, spreadTicks, tradeProbability, depthProbability } = this.#settings;
    const random = this.#random;
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
  snapshot(): void {
    this.bids.snapshot();
    this.asks.snapshot();
  }

  /** Tells that the book was emptied, since what a bot holds of it is old. */
  clear(): void {
    this.#feed.clear();
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
    this.#feed.push(TRADE, isBuy, side.best, lots);
  }

  /** Moves the displayed book to the fair price, as one message. */
  #update(): void {
    const { bids, asks } = this;
    const feed = this.#feed;
    const bidTick = this.#bidTick;
    const askTick = bidTick + this.#spread;
    feed.mark(BATCH_START);
    // A side that gives way goes first, so that the book is never crossed.
    if (askTick > asks.best) asks.moveTo(askTick);
    bids.moveTo(bidTick);
    if (askTick < asks.best) asks.moveTo(askTick);
    bids.redraw();
    asks.redraw();
    feed.mark(BATCH_END);
  }
}
