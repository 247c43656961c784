/**
 * One bot, two instruments: trades the spread between two symbols, or between two markets of one
 * symbol. The first leg follows the spread, the second hedges what the first really holds. While
 * either instrument is not healthy nothing is sent: half of a spread is no spread.
 *
 *     deno run -P=trade cli.ts trade --strategy examples/pairs.ts --stub --duration 60 \
 *         --instrument stub:btcusdt:0.1:0.001 --instrument stub:ethusdt:0.1:0.001
 *     deno run -P=trade cli.ts trade --strategy examples/pairs.ts --live \
 *         --instrument bf:btcusdt:0.1:0.001 --instrument bf:ethusdt:0.01:0.001
 *
 * examples/several_connectors.ts runs it on two connectors.
 *
 * @module
 */

import {
  defineStrategy,
  InvalidInputError,
  isActive,
  type SetupContext,
  type Strategy,
} from "@hftlive/hftlive";

const NS_PER_MS = 1e6;

/** When the pair is traded, and how much of it. */
export interface PairParams {
  /** Time between two looks at the spread, ms. */
  readonly sampleMs: number;
  /** Samples that mean and deviation of the spread reach back, and that are seen before any order. */
  readonly samples: number;
  /** Deviations from the mean at which the spread is sold or bought. */
  readonly entry: number;
  /** Deviations from the mean within which it is closed. */
  readonly exit: number;
  /** Quantity of the first leg, in lots. */
  readonly lots: number;
}

/** The spread, and what is held of it; {@linkcode Pair.step} takes one sample. */
export class Pair {
  readonly #context: SetupContext<PairParams>;
  #mean = NaN;
  #variance = 0;
  #seen = 0;
  /** What is wanted of the first leg: long, short or nothing. */
  #direction: -1 | 0 | 1 = 0;
  /** Why nothing is sent; undefined while all is well. */
  #paused: string | undefined = "not looked yet";

  /** @param context What the strategy was set up with. */
  constructor(context: SetupContext<PairParams>) {
    const { length } = context.instruments;
    if (length !== 2) throw new InvalidInputError("instruments", length, "two of them");
    this.#context = context;
  }

  /** Looks at both instruments, and sends what is missing to what is wanted. */
  step(): void {
    const { bot, instruments, params } = this.#context;
    if (this.#isPaused()) return;
    const [first, second] = [this.#mid(0), this.#mid(1)];
    // NaN while a side of a book is empty.
    if (!(first > 0 && second > 0)) return;
    this.#decide(Math.log(first / second));
    this.#trade(0, this.#direction * params.lots * instruments[0]!.lotSize);
    this.#trade(1, -bot.position(0) * first / second);
  }

  /** Health is proven for each instrument by itself; what is missing is said once. */
  #isPaused(): boolean {
    const { client, log } = this.#context;
    const reason = client.health.instruments.find(({ healthy }) => !healthy)?.reason;
    if (reason !== this.#paused) log(reason === undefined ? "trading" : `paused: ${reason}`);
    this.#paused = reason;
    return reason !== undefined;
  }

  #mid(asset: number): number {
    const { bestBid, bestAsk } = this.#context.bot.depth(asset);
    return (bestBid + bestAsk) / 2;
  }

  /** Takes a sample of the spread into its mean and variance, and decides by how far it is off. */
  #decide(spread: number): void {
    const { samples, entry, exit } = this.#context.params;
    if (Number.isNaN(this.#mean)) this.#mean = spread;
    const off = spread - this.#mean;
    const deviation = Math.sqrt(this.#variance);
    this.#mean += off / samples;
    this.#variance += (off * off - this.#variance) / samples;
    if (++this.#seen < samples) return;
    if (Math.abs(off) > entry * deviation) this.#direction = off > 0 ? -1 : 1;
    else if (Math.abs(off) < exit * deviation) this.#direction = 0;
  }

  /** Sends an order for what a position lacks; what it does not get is tried again with the next sample. */
  #trade(asset: number, wanted: number): void {
    const { bot, instruments, nextOrderId } = this.#context;
    for (const { status } of bot.orders(asset).values()) if (isActive(status)) return;
    bot.clearInactiveOrders(asset);
    const { lotSize } = instruments[asset]!;
    const lots = Math.round((wanted - bot.position(asset)) / lotSize);
    if (lots === 0) return;
    const { bestBid, bestAsk } = bot.depth(asset);
    const [submit, price] = lots > 0
      ? ["submitBuyOrder", bestAsk] as const
      : ["submitSellOrder", bestBid] as const;
    bot[submit](asset, nextOrderId(), price, Math.abs(lots) * lotSize, "IOC", "limit");
  }
}

/** The pair as a strategy that lives on a timer alone. */
const strategy: Strategy<PairParams, Pair> = defineStrategy({
  name: "pairs",
  params: { sampleMs: 100, samples: 50, entry: 1.5, exit: 0.5, lots: 10 },
  setup(context) {
    const pair = new Pair(context);
    context.every(context.params.sampleMs * NS_PER_MS, () => pair.step());
    return pair;
  },
});

export default strategy;
