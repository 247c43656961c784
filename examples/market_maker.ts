/**
 * A market maker that quotes one lot on either side of the mid price, leans
 * against its position, and replaces a quote when the price it wants has moved.
 *
 * It is a strategy: `trade` runs the same file on the stub, on recorded data, on the paper
 * exchange and live, and reports what it earned.
 *
 *     deno run -P=trade cli.ts trade --strategy examples/market_maker.ts --stub --duration 60
 *     deno run -P=trade cli.ts trade --strategy examples/market_maker.ts --replay btcusdt.gz \
 *         --tick-size 0.1 --lot-size 0.001 --set halfSpreadTicks=5 --report run.html
 *
 * It also runs by itself:
 *
 *     deno run -A examples/market_maker.ts --stub --duration 10
 *
 * @module
 */

import {
  BotError,
  defineStrategy,
  type LiveBot,
  type Order,
  runStrategy,
  type SetupContext,
  type Side,
  type Strategy,
} from "@hftlive/hftlive";
import { runExample } from "./support/run_example.ts";

/** How the market maker quotes. */
export interface MarketMakerParams {
  /** Asset number. */
  readonly asset: number;
  /** Distance of a quote from the mid price, in ticks. */
  readonly halfSpreadTicks: number;
  /** Quantity of a quote, in lots. */
  readonly quoteLots: number;
  /** Largest position either way, in lots: the side that would pass it does not quote. */
  readonly maxPositionLots: number;
  /** How far the mid price is shifted per lot of position, in ticks. */
  readonly skewTicksPerLot: number;
}

/** Quotes both sides of one instrument; call {@linkcode MarketMaker.step} after every poll. */
export class MarketMaker {
  readonly #bot: LiveBot;
  readonly #params: MarketMakerParams;
  readonly #nextOrderId: () => bigint;
  readonly #tickSize: number;
  readonly #lotSize: number;
  readonly #quotes: { buy?: bigint; sell?: bigint } = {};

  /** @param context What the strategy was set up with. */
  constructor({ bot, params, nextOrderId }: SetupContext<MarketMakerParams>) {
    const instrument = bot.instruments[params.asset];
    if (instrument === undefined) throw new RangeError(`There is no asset ${params.asset}`);
    this.#bot = bot;
    this.#params = params;
    this.#nextOrderId = nextOrderId;
    this.#tickSize = instrument.tickSize;
    this.#lotSize = instrument.lotSize;
  }

  /** Moves both quotes to where they should be now, or leaves them while the connector is away. */
  step(): void {
    try {
      this.#requote();
    } catch (error) {
      // It may have gone between the last poll and the request, which the report counts.
      const isAway = !this.#bot.connection(this.#params.asset).registered;
      if (!(error instanceof BotError && isAway)) throw error;
    }
  }

  #requote(): void {
    const { asset, halfSpreadTicks, maxPositionLots, skewTicksPerLot } = this.#params;
    const { bestBid, bestAsk } = this.#bot.depth(asset);
    // NaN while a side of the book is empty.
    if (!(bestBid < bestAsk)) return;

    const bestBidTick = Math.round(bestBid / this.#tickSize);
    const bestAskTick = Math.round(bestAsk / this.#tickSize);
    const positionLots = this.#bot.position(asset) / this.#lotSize;
    const reservation = (bestBidTick + bestAskTick) / 2 - positionLots * skewTicksPerLot;
    const bid = Math.min(Math.floor(reservation - halfSpreadTicks), bestAskTick - 1);
    const ask = Math.max(Math.ceil(reservation + halfSpreadTicks), bestBidTick + 1);

    this.#quote("buy", positionLots < maxPositionLots ? bid : undefined);
    this.#quote("sell", positionLots > -maxPositionLots ? ask : undefined);
  }

  #quote(side: "buy" | "sell", tick: number | undefined): void {
    const { asset } = this.#params;
    const id = this.#quotes[side];
    const order = id === undefined ? undefined : this.#bot.order(asset, id);
    if (order && isOpen(order)) {
      const moved = tick === undefined || order.priceTick !== BigInt(tick);
      if (moved && order.request === "none") this.#bot.cancel(asset, order.orderId);
      // The new quote waits until the exchange has confirmed the cancel: never two at once.
      return;
    }
    if (order) this.#bot.clearInactiveOrders(asset);
    delete this.#quotes[side];
    if (tick !== undefined) this.#quotes[side] = this.#submit(side, tick);
  }

  #submit(side: Side, tick: number): bigint {
    const { asset, quoteLots } = this.#params;
    const orderId = this.#nextOrderId();
    const submit = side === "buy" ? "submitBuyOrder" : "submitSellOrder";
    const price = tick * this.#tickSize;
    this.#bot[submit](asset, orderId, price, quoteLots * this.#lotSize, "GTX", "limit");
    return orderId;
  }
}

function isOpen(order: Order): boolean {
  return order.status === "new" || order.status === "partiallyFilled";
}

/** The market maker as a strategy. Its quotes are cancelled by whoever runs it. */
const strategy: Strategy<MarketMakerParams, MarketMaker> = defineStrategy({
  name: "market_maker",
  params: {
    asset: 0,
    halfSpreadTicks: 2,
    quoteLots: 1,
    maxPositionLots: 10,
    skewTicksPerLot: 0.5,
  },
  setup: (context) => new MarketMaker(context),
  onBatch: (_batch, { state }) => state.step(),
});

export default strategy;

if (import.meta.main) {
  await runExample("market_maker", async (bot, { signal }) => {
    const { report, error } = await runStrategy(bot, strategy, { signal, closeBot: false });
    for (const { symbol, orders, fills, position, equity } of report.instruments) {
      console.log(
        `${symbol}: ${orders.submitted} orders, ${orders.canceled} cancels, ${fills.count} fills, ` +
          `position ${position.toFixed(3)}, profit ${equity.toFixed(4)}`,
      );
    }
    if (error !== undefined) throw error;
  });
}
