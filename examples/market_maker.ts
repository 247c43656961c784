/**
 * A market maker that quotes one lot on either side of the mid price, leans
 * against its position, and replaces a quote when the price it wants has moved.
 *
 * It is written against `LiveBot` alone, so the same code runs on the stub, on
 * recorded data, on the paper exchange and live.
 *
 *     deno run -A examples/market_maker.ts --stub --duration 10
 *     deno run -A examples/market_maker.ts --live --connector NAME --symbol btcusdt \
 *         --tick-size 0.1 --lot-size 0.001
 *
 * @module
 */

import { EventBatch, type LiveBot, type Order, type Side } from "@hftlive/hftlive";
import { runExample } from "./support/run_example.ts";

/** How the market maker quotes. */
export interface MarketMakerOptions {
  /** Asset number. */
  readonly asset?: number;
  /** Distance of a quote from the mid price, in ticks. */
  readonly halfSpreadTicks?: number;
  /** Quantity of a quote, in lots. */
  readonly quoteLots?: number;
  /** Largest position either way, in lots: the side that would pass it does not quote. */
  readonly maxPositionLots?: number;
  /** How far the mid price is shifted per lot of position, in ticks. */
  readonly skewTicksPerLot?: number;
}

/** What the market maker did. */
export interface MarketMakerCounts {
  /** Orders sent. */
  submitted: number;
  /** Cancels sent. */
  canceled: number;
  /** Executions seen. */
  fills: number;
}

/** Quotes both sides of one instrument; call {@linkcode MarketMaker.step} after every poll. */
export class MarketMaker {
  /** What it did so far. */
  readonly counts: MarketMakerCounts = { submitted: 0, canceled: 0, fills: 0 };
  readonly #bot: LiveBot;
  readonly #asset: number;
  readonly #options: Required<MarketMakerOptions>;
  readonly #quotes: { buy?: bigint; sell?: bigint } = {};
  #nextOrderId: bigint;

  /**
   * @param bot The bot to trade with.
   * @param options How to quote.
   */
  constructor(bot: LiveBot, options: MarketMakerOptions = {}) {
    this.#bot = bot;
    this.#options = {
      asset: 0,
      halfSpreadTicks: 2,
      quoteLots: 1,
      maxPositionLots: 10,
      skewTicksPerLot: 0.5,
      ...options,
    };
    this.#asset = this.#options.asset;
    this.#nextOrderId = bot.currentTimestamp();
  }

  /** Counts the executions in a batch. */
  observe(batch: EventBatch): void {
    for (const event of batch.events()) {
      if (event.type === "order" && event.asset === this.#asset && event.execQty > 0) {
        this.counts.fills++;
      }
    }
  }

  /** Moves both quotes to where they should be now. */
  step(): void {
    const { bestBidTick, bestAskTick } = this.#bot.depth(this.#asset);
    const { lotSize } = this.#bot.instruments[this.#asset]!;
    const { halfSpreadTicks, maxPositionLots, skewTicksPerLot } = this.#options;
    if (bestBidTick >= bestAskTick || bestBidTick <= 0n) return;

    const positionLots = this.#bot.position(this.#asset) / lotSize;
    const mid = (Number(bestBidTick) + Number(bestAskTick)) / 2;
    const reservation = mid - positionLots * skewTicksPerLot;
    const bid = Math.min(Math.floor(reservation - halfSpreadTicks), Number(bestAskTick) - 1);
    const ask = Math.max(Math.ceil(reservation + halfSpreadTicks), Number(bestBidTick) + 1);

    this.#quote("buy", positionLots < maxPositionLots ? bid : undefined);
    this.#quote("sell", positionLots > -maxPositionLots ? ask : undefined);
    this.#bot.clearInactiveOrders(this.#asset);
  }

  /** Cancels both quotes. */
  cancelAll(): void {
    this.#quote("buy", undefined);
    this.#quote("sell", undefined);
  }

  #quote(side: "buy" | "sell", tick: number | undefined): void {
    const id = this.#quotes[side];
    const order = id === undefined ? undefined : this.#bot.order(this.#asset, id);
    if (order && isOpen(order)) {
      const moved = tick === undefined || order.priceTick !== BigInt(tick);
      if (moved && order.request === "none") {
        this.#bot.cancel(this.#asset, order.orderId);
        this.counts.canceled++;
      }
      // The new quote waits until the exchange has confirmed the cancel: never two at once.
      return;
    }
    delete this.#quotes[side];
    if (tick !== undefined) this.#quotes[side] = this.#submit(side, tick);
  }

  #submit(side: Side, tick: number): bigint {
    const { tickSize, lotSize } = this.#bot.instruments[this.#asset]!;
    const orderId = this.#nextOrderId++;
    const submit = side === "buy" ? "submitBuyOrder" : "submitSellOrder";
    const qty = this.#options.quoteLots * lotSize;
    this.#bot[submit](this.#asset, orderId, tick * tickSize, qty, "GTX", "limit");
    this.counts.submitted++;
    return orderId;
  }
}

function isOpen(order: Order): boolean {
  return order.status === "new" || order.status === "partiallyFilled";
}

if (import.meta.main) {
  await runExample("market_maker", async (bot, { signal }) => {
    const maker = new MarketMaker(bot);
    const batch = new EventBatch();
    while (!signal.aborted && bot.poll(batch) >= 0) {
      maker.observe(batch);
      maker.step();
      await new Promise((resolve) => setImmediate(resolve));
    }
    maker.cancelAll();
    const { submitted, canceled, fills } = maker.counts;
    console.log(
      `${submitted} orders, ${canceled} cancels, ${fills} fills, position ${
        bot.position(0).toFixed(3)
      }`,
    );
  });
}
