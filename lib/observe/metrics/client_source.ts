/**
 * The metrics of a client.
 *
 * @module
 */

import type { EventBatch } from "../../bot/batch.ts";
import type { ConnectionStatus, LiveBot } from "../../bot/live_bot.ts";
import { EventKind } from "../../bot/record.ts";
import { HEALTH_LEVELS } from "../../client/health.ts";
import type { LiveClient } from "../../client/live_client.ts";
import { type OrderStatus, orderStatusCode } from "../../model/codes.ts";
import type { BotEvent } from "../../model/events.ts";
import { LatencyBuckets } from "../latency_buckets.ts";
import { OrderClock } from "../order_clock.ts";
import type { Labels, MetricSource, Reading } from "./reading.ts";

const MS_PER_S = 1e3;

/** Kinds of record and what they are called. */
const KINDS: readonly (readonly [number, BotEvent["type"]])[] = [
  [EventKind.Depth, "depth"],
  [EventKind.Trade, "trade"],
  [EventKind.DepthClear, "depthClear"],
  [EventKind.Snapshot, "snapshot"],
  [EventKind.Bbo, "bbo"],
  [EventKind.Order, "order"],
  [EventKind.Position, "position"],
  [EventKind.Error, "error"],
  [EventKind.BatchStart, "batchStart"],
  [EventKind.BatchEnd, "batchEnd"],
  [EventKind.Connection, "connection"],
  [EventKind.Overflow, "overflow"],
];

/** Places for one instrument in the table of counts: a power of two above every kind. */
const STRIDE = 64;

const STATUSES: readonly OrderStatus[] = [
  ...["none", "new", "expired", "filled", "canceled"] as const,
  ...["partiallyFilled", "rejected", "replaced", "unsupported"] as const,
];

/** What is counted of one instrument. */
interface InstrumentCounts {
  readonly feedLatency: LatencyBuckets;
  readonly orderLatency: LatencyBuckets;
  readonly clock: OrderClock;
  /** Order updates by the code of their status. */
  readonly updates: Map<number, number>;
  /** What the connection told last. */
  connection: ConnectionStatus | undefined;
  /** Is told each latency of an order. */
  onOrderLatency: ((ns: number) => void) | undefined;
}

/** Counts what a client's bot delivers, and reads the rest when it is asked. */
export class ClientSource implements MetricSource, AsyncDisposable {
  readonly #controller = new AbortController();
  readonly #counting: Promise<void>;
  readonly #client: LiveClient;
  readonly #bot: LiveBot;
  readonly #instruments: readonly InstrumentCounts[];
  /** Events by asset and kind; those of no instrument are the last row. */
  readonly #events: Float64Array;
  #batches = 0;
  #running = true;

  /**
   * Begins to count.
   *
   * @param client The client.
   */
  constructor(client: LiveClient) {
    this.#client = client;
    this.#bot = client.bot;
    const { length } = this.#bot.instruments;
    this.#events = new Float64Array((length + 1) * STRIDE);
    this.#instruments = this.#bot.instruments.map((_, asset) => ({
      feedLatency: new LatencyBuckets(),
      orderLatency: new LatencyBuckets(),
      clock: new OrderClock(this.#bot, asset),
      updates: new Map(),
      connection: undefined,
      onOrderLatency: undefined,
    }));
    client.finished.then(() => this.#running = false);
    this.#counting = this.#count(this.#controller.signal);
  }

  /** Whether the client polls its bot. */
  get running(): boolean {
    return this.#running;
  }

  /** Whether the bot can still be asked: it stays open when its data has ended. */
  get readable(): boolean {
    try {
      this.#bot.currentTimestamp();
      return true;
    } catch {
      return false;
    }
  }

  /** Latencies of an instrument's trades and book changes. */
  feedLatency(asset: number): LatencyBuckets {
    return this.#instruments[asset]!.feedLatency;
  }

  /** Latencies of an instrument's orders. */
  orderLatency(asset: number): LatencyBuckets {
    return this.#instruments[asset]!.orderLatency;
  }

  /** Has somebody told each latency of an instrument's orders, in ns. */
  onOrderLatency(asset: number, listener: (ns: number) => void): void {
    this.#instruments[asset]!.onOrderLatency = listener;
  }

  /** Adds its values to a reading. */
  read(reading: Reading): void {
    const { health } = this.#client;
    reading.add("hftlive_client_running", this.#running ? 1 : 0);
    reading.add("hftlive_batches_total", this.#batches);
    reading.add("hftlive_client_dropped_events_total", this.#client.dropped);
    this.#readEvents(reading);
    for (const { asset, connector, symbol, level, lastFeedAgeMs } of health.instruments) {
      const labels = { connector, symbol };
      reading.add("hftlive_health_level", HEALTH_LEVELS.indexOf(level), labels);
      reading.add("hftlive_feed_age_seconds", (lastFeedAgeMs ?? NaN) / MS_PER_S, labels);
      this.#readInstrument(reading, asset, labels);
    }
  }

  /** Stops counting. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort();
    await this.#counting;
  }

  async #count(signal: AbortSignal): Promise<void> {
    try {
      for await (const batch of this.#client.batches({ signal })) this.#add(batch);
    } catch {
      // A bot that failed is the client's to tell, and an abort is nobody's.
    }
  }

  #add(batch: EventBatch): void {
    this.#batches++;
    const events = this.#events;
    const none = this.#instruments.length;
    const { length } = batch;
    for (let i = 0; i < length; i++) {
      const kind = batch.kind(i);
      const asset = batch.asset(i);
      const place = (asset < 0 ? none : asset) * STRIDE + kind;
      events[place] = events[place]! + 1;
      if (kind === EventKind.Depth || kind === EventKind.Trade || kind === EventKind.Bbo) {
        this.#instruments[asset]!.feedLatency.record(batch.latencyNs(i));
      } else if (kind === EventKind.Order) {
        this.#addOrder(batch, i, this.#instruments[asset]!);
      }
    }
  }

  #addOrder(batch: EventBatch, i: number, counts: InstrumentCounts): void {
    const status = batch.detail(i);
    counts.updates.set(status, (counts.updates.get(status) ?? 0) + 1);
    if (!this.readable) return;
    const roundTripNs = counts.clock.roundTripNs(batch, i);
    if (roundTripNs === undefined) return;
    counts.orderLatency.record(roundTripNs);
    counts.onOrderLatency?.(roundTripNs);
  }

  #readEvents(reading: Reading): void {
    const { instruments } = this.#bot;
    for (let asset = 0; asset <= instruments.length; asset++) {
      const { connector, symbol } = instruments[asset] ?? { connector: "", symbol: "" };
      for (const [kind, name] of KINDS) {
        const value = this.#events[asset * STRIDE + kind]!;
        // Instruments show every kind from the start, so that a rate sees the first event.
        if (value === 0 && asset === instruments.length) continue;
        reading.add("hftlive_events_total", value, { connector, symbol, kind: name });
      }
    }
  }

  #readInstrument(reading: Reading, asset: number, labels: Labels): void {
    const counts = this.#instruments[asset]!;
    reading.addLatencies("hftlive_feed_latency_seconds", counts.feedLatency, labels);
    reading.addLatencies("hftlive_order_latency_seconds", counts.orderLatency, labels);
    reading.add("hftlive_feed_clock_skew_events_total", counts.feedLatency.negative, labels);
    for (const status of STATUSES) {
      const updates = counts.updates.get(orderStatusCode(status)) ?? 0;
      reading.add("hftlive_order_updates_total", updates, { ...labels, status });
    }
    // What a closed bot counted stays as it was last read.
    if (this.readable) this.#readBot(reading, asset, labels);
    const { connection } = counts;
    if (connection === undefined) return;
    reading.add("hftlive_bot_dropped_events_total", connection.dropped, labels);
    reading.add("hftlive_channel_overflows_total", connection.overflows, labels);
    reading.add("hftlive_malformed_messages_total", connection.malformed, labels);
  }

  #readBot(reading: Reading, asset: number, labels: Labels): void {
    const bot = this.#bot;
    this.#instruments[asset]!.connection = bot.connection(asset);
    reading.add("hftlive_position_base_units", bot.position(asset), labels);
    const orders = new Map<OrderStatus, number>(STATUSES.map((status) => [status, 0]));
    for (const { status } of bot.orders(asset).values()) {
      orders.set(status, (orders.get(status) ?? 0) + 1);
    }
    for (const [status, count] of orders) {
      reading.add("hftlive_orders", count, { ...labels, status });
    }
  }
}
