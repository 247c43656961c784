/**
 * Where the markets' events come from.
 *
 * @module
 */

import { clearImmediate, setImmediate } from "node:timers";
import { EventBatch } from "../../bot/batch.ts";
import type { LiveBot } from "../../bot/live_bot.ts";
import { EventKind } from "../../bot/record.ts";
import { getLogger } from "../../log.ts";
import type { MarketListener, PaperMarkets } from "./paper_markets.ts";

/** Records of one poll. */
const BATCH_RECORDS = 4_096;

/** Pause after a poll that left nothing waiting, ms. */
const PAUSE_MS = 1;

/** How far the market has come. */
export type FeedState =
  /** Nothing was polled yet. */
  | "waiting"
  /** It goes on. */
  | "running"
  /** The bot's data has ended. */
  | "ended"
  /** The bot failed. */
  | "failed"
  /** It was stopped. */
  | "stopped";

const log = getLogger("exchange");

/** Polls a bot in turns of the event loop and drives the markets with what it delivers. */
export class MarketFeed {
  /** Settles when nothing more will come: the data ended, the bot failed, or it was stopped. */
  readonly done: Promise<void>;
  /** Events by what became of them. */
  readonly counts = { trades: 0, levels: 0, clears: 0, skipped: 0 };

  readonly #bot: LiveBot;
  readonly #markets: PaperMarkets;
  readonly #listener: MarketListener;
  readonly #batch = new EventBatch(BATCH_RECORDS);
  readonly #settleDone: () => void;
  readonly #turn = (): void => this.#run();
  #state: FeedState = "waiting";
  #isLoaded = false;
  #failure: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #immediate: ReturnType<typeof setImmediate> | undefined;

  /**
   * @param bot Whose events drive the markets. It is polled by nobody else from now on.
   * @param markets What is traded.
   * @param listener Is told what happens, beside the markets' own listener.
   */
  constructor(bot: LiveBot, markets: PaperMarkets, listener: MarketListener) {
    this.#bot = bot;
    this.#markets = markets;
    this.#listener = listener;
    const done = Promise.withResolvers<void>();
    this.done = done.promise;
    this.#settleDone = done.resolve;
  }

  /** How far it has come. */
  get state(): FeedState {
    return this.#state;
  }

  /** Why the bot failed, in one line; null if it has not. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Begins to poll; more calls do nothing. */
  start(): void {
    if (this.#state !== "waiting") return;
    this.#state = "running";
    this.#immediate = setImmediate(this.#turn);
  }

  /** Ends polling; the bot stays open. */
  stop(): void {
    if (this.#state === "waiting" || this.#state === "running") this.#end("stopped");
  }

  #run(): void {
    this.#timer = undefined;
    this.#immediate = undefined;
    try {
      if (!this.#isLoaded) this.#loadBooks();
      if (this.#bot.poll(this.#batch) < 0) return this.#end("ended");
      this.#handleBatch();
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      log.error("The paper exchange's market failed", { error });
      return this.#end("failed");
    }
    if (this.#state !== "running") return;
    if (this.#batch.more) this.#immediate = setImmediate(this.#turn);
    else this.#timer = setTimeout(this.#turn, PAUSE_MS);
  }

  #handleBatch(): void {
    const batch = this.#batch;
    const { counts } = this;
    for (let i = 0; i < batch.length; i++) {
      const index = batch.asset(i);
      const symbol = this.#markets.symbols[index];
      if (symbol === undefined) continue;
      const market = this.#markets.of(symbol);
      switch (batch.kind(i)) {
        case EventKind.Depth:
        case EventKind.Snapshot: {
          counts.levels++;
          const tick = symbol.prices.steps(batch.price(i));
          market.book.set(batch.isBuy(i), tick, symbol.lots.steps(batch.qty(i)));
          break;
        }
        case EventKind.Trade: {
          const tick = symbol.prices.steps(batch.price(i));
          const lots = symbol.lots.steps(batch.qty(i));
          if (lots === 0) {
            counts.skipped++;
            break;
          }
          counts.trades++;
          market.lastTick = tick;
          this.#listener.flush(symbol);
          this.#listener.trade(symbol, { isBuy: batch.isBuy(i), tick, lots });
          break;
        }
        case EventKind.DepthClear: {
          counts.clears++;
          const side = batch.side(i);
          const price = batch.price(i);
          const isBound = side !== "none" && price > 0 && price < Infinity;
          market.book.clear(side, isBound ? symbol.prices.steps(price) : NaN);
          break;
        }
        case EventKind.BatchEnd:
          this.#listener.flush(symbol);
          break;
        case EventKind.Bbo:
          counts.skipped++;
          break;
      }
    }
    for (const symbol of this.#markets.symbols) this.#listener.flush(symbol);
  }

  /** Takes over what the bot's books hold already. */
  #loadBooks(): void {
    this.#isLoaded = true;
    for (const symbol of this.#markets.symbols) {
      const { book } = this.#markets.of(symbol);
      const { bids, asks } = this.#bot.depth(symbol.index).snapshot();
      for (const { priceTick, qty } of bids) {
        book.set(true, Number(priceTick), symbol.lots.steps(qty));
      }
      for (const { priceTick, qty } of asks) {
        book.set(false, Number(priceTick), symbol.lots.steps(qty));
      }
      this.#listener.flush(symbol);
    }
  }

  #end(state: "ended" | "failed" | "stopped"): void {
    this.#state = state;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#settleDone();
  }
}
