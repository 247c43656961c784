/**
 * The stub's exchange, with the connector before it.
 *
 * @module
 */

import { EventQueue } from "../bot/event_queue.ts";
import { EventKind } from "../bot/record.ts";
import type { OrderReport } from "../bot/order_store.ts";
import type { TimeBase } from "../bot/time_base.ts";
import type { Venue } from "../bot/venue.ts";
import { type ConnectionState, connectionStateCode } from "../model/codes.ts";
import type { Order } from "../model/order.ts";
import { Market } from "./market.ts";
import { Matcher } from "./matcher.ts";
import { Outages } from "./outages.ts";
import { Random } from "./random.ts";
import type { StubSettings } from "./settings.ts";

/** A request on its way to the exchange. */
interface Request {
  arrival: number;
  readonly asset: number;
  readonly kind: "submit" | "cancel" | "register";
  readonly order?: Order;
}

/** Random markets that move in steps, and the bot's orders matched in them. */
export class Exchange implements Venue {
  readonly feeds: EventQueue = new EventQueue();
  readonly responses: EventQueue = new EventQueue();
  nextTime = 0;

  readonly #settings: StubSettings;
  readonly #markets: readonly Market[];
  readonly #matchers: readonly Matcher[];
  /** Of feed latencies, apart from the markets', so that jitter does not change prices. */
  readonly #random: Random;
  #requests: Request[] = [];
  readonly #registered: boolean[];
  readonly #outages: Outages;
  /** Whether an asset's connector is away. */
  readonly #away: boolean[];
  /** What the first answer after an outage tells of lost orders; undefined at other times. */
  readonly #back: (readonly OrderReport[] | undefined)[];
  #stepsLeft = 0;
  /** When the market moves next; Infinity after its last step. */
  #stepTime = 0;
  #lastFeedLocal = 0;

  /**
   * @param settings Checked options.
   * @param base What times are counted from.
   */
  constructor(settings: StubSettings, base: TimeBase) {
    this.#settings = settings;
    const { seed, assets } = settings;
    this.#random = new Random(seed, 0);
    this.#markets = assets.map((_, asset) =>
      new Market(asset, settings, new Random(seed, 1 + 2 * asset), this.feeds)
    );
    const context = { settings, base, responses: this.responses };
    this.#matchers = this.#markets.map((market, asset) =>
      new Matcher(asset, market, new Random(seed, 2 + 2 * asset), context)
    );
    this.#registered = assets.map(() => false);
    this.#outages = new Outages(settings.outages, assets);
    this.#away = assets.map(() => false);
    this.#back = assets.map(() => undefined);
    this.#stepsLeft = settings.maxFeeds;
    this.#stepTime = settings.maxFeeds > 0 ? settings.stepIntervalNs : Infinity;
    for (let asset = 0; asset < assets.length; asset++) this.#connection(asset, 0, 0, "attached");
    for (let asset = 0; asset < assets.length; asset++) {
      this.#requests.push({ arrival: 0, asset, kind: "register" });
    }
  }

  runNext(): void {
    const requests = this.#requests;
    if (this.#outages.nextTime === this.nextTime) {
      this.#change(this.nextTime);
    } else if (requests.length > 0 && requests[0]!.arrival === this.nextTime) {
      this.#handle(requests.shift()!);
    } else if (this.#stepTime < Infinity) {
      this.#step();
    }
    this.#schedule();
  }

  submit(asset: number, order: Order, now: number): void {
    this.#send({ arrival: now + this.#settings.entryLatencyNs, asset, kind: "submit", order });
  }

  cancel(asset: number, order: Order, now: number): void {
    this.#send({ arrival: now + this.#settings.entryLatencyNs, asset, kind: "cancel", order });
  }

  register(asset: number, now: number): void {
    this.#send({ arrival: now + this.#settings.entryLatencyNs, asset, kind: "register" });
  }

  rebase(byNs: number): void {
    this.feeds.rebase(byNs);
    this.responses.rebase(byNs);
    for (const request of this.#requests) request.arrival -= byNs;
    for (const matcher of this.#matchers) matcher.rebase(byNs);
    this.#outages.rebase(byNs);
    this.#stepTime -= byNs;
    this.#lastFeedLocal -= byNs;
    this.#schedule();
  }

  #send(request: Request): void {
    if (this.#away[request.asset]) {
      this.#lose(request);
      return;
    }
    this.#requests.push(request);
    this.#schedule();
  }

  #schedule(): void {
    const requests = this.#requests;
    const change = this.#outages.nextTime;
    this.nextTime = this.#stepTime;
    if (requests.length > 0) this.nextTime = Math.min(this.nextTime, requests[0]!.arrival);
    // An outage does not keep alive what has ended; one that has begun does.
    if (change < this.nextTime && (this.#stepTime < Infinity || this.#away.includes(true))) {
      this.nextTime = change;
    }
  }

  /** Lets connectors go, or others come, which answer the bot's registrations. */
  #change(time: number): void {
    const change = this.#outages.shift();
    if (change === undefined) return;
    const { goes, assets } = change;
    for (const asset of assets) {
      this.#away[asset] = goes;
      this.#markets[asset]!.mute(goes);
      this.#registered[asset] = false;
      this.#connection(asset, time, this.#feedLocal(time), goes ? "detached" : "attached");
      if (goes) this.#matchers[asset]!.detach();
      else this.#back[asset] = this.#matchers[asset]!.reattach(time);
    }
    if (goes) {
      const isLost = ({ asset }: Request): boolean => assets.includes(asset);
      this.#requests.filter(isLost).forEach((request) => this.#lose(request));
      this.#requests = this.#requests.filter((request) => !isLost(request));
    } else {
      this.#requests.unshift(
        ...assets.map((asset) => ({ arrival: time, asset, kind: "register" as const })),
      );
    }
  }

  /** Nobody receives a request. A registration is made again when somebody can. */
  #lose({ kind, asset, order }: Request): void {
    if (kind !== "register" && order !== undefined) this.#matchers[asset]!.lose(kind, order);
  }

  #step(): void {
    const { feeds } = this;
    const markets = this.#markets;
    const time = this.#stepTime;
    for (let asset = 0; asset < markets.length; asset++) {
      const market = markets[asset]!;
      feeds.setTimes(time, this.#feedLocal(time));
      market.time = time;
      market.step();
      this.#matchers[asset]!.step();
    }
    this.#stepTime = time + this.#settings.stepIntervalNs;
    if (--this.#stepsLeft === 0) this.#stepTime = Infinity;
  }

  #handle(request: Request): void {
    const { kind, asset, order, arrival } = request;
    if (kind === "register") this.#answerRegistration(asset, arrival);
    else if (kind === "submit") this.#matchers[asset]!.submit(order!, arrival);
    else this.#matchers[asset]!.cancel(order!, arrival);
  }

  /** Open orders, known position and whole book between two marks, as a real connector answers. */
  #answerRegistration(asset: number, time: number): void {
    const { feeds } = this;
    const matcher = this.#matchers[asset]!;
    const local = this.#feedLocal(time);
    const lost = this.#back[asset];
    this.#back[asset] = undefined;
    feeds.pushMark(EventKind.BatchStart, asset, time, local, 1);
    feeds.setTimes(time, local);
    if (lost !== undefined) this.#markets[asset]!.clear();
    for (const report of matcher.openOrders()) {
      feeds.pushReport(EventKind.Order, asset, time, local, report);
    }
    const { position } = matcher;
    if (position !== undefined) feeds.push(EventKind.Position, asset, time, local, 0, position);
    this.#markets[asset]!.snapshot();
    if (lost !== undefined && lost.length > 0) this.#tellLost(asset, lost, { time, local });
    feeds.pushMark(EventKind.BatchEnd, asset, time, local, 1);
    if (!this.#registered[asset]) {
      this.#registered[asset] = true;
      this.#connection(asset, time, local, "registered");
    }
  }

  /** Names orders that nobody knows any more, then tells of each. */
  #tellLost(
    asset: number,
    lost: readonly OrderReport[],
    { time, local }: { readonly time: number; readonly local: number },
  ): void {
    const { symbol, connector } = this.#settings.assets[asset]!.instrument;
    const ids = lost.map(({ orderId }) => orderId).join(", ");
    const message =
      `Cannot account for orders of ${symbol}: connector ${connector} does not know ${ids}`;
    this.feeds.pushReport(EventKind.Error, asset, time, local, {
      kind: "custom",
      code: 0n,
      message,
    });
    for (const report of lost) this.feeds.pushReport(EventKind.Order, asset, time, local, report);
  }

  #connection(asset: number, time: number, local: number, state: ConnectionState): void {
    const code = connectionStateCode(state);
    this.feeds.pushMark(EventKind.Connection, asset, time, local, code);
  }

  /** When a feed event of now is received: later than those before it, as on one channel. */
  #feedLocal(time: number): number {
    const { feedLatencyNs, feedLatencyJitterNs } = this.#settings;
    const jitter = feedLatencyJitterNs === 0 ? 0 : this.#random.int(0, feedLatencyJitterNs);
    this.#lastFeedLocal = Math.max(this.#lastFeedLocal, time + feedLatencyNs + jitter);
    return this.#lastFeedLocal;
  }
}
