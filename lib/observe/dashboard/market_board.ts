/**
 * What a dashboard keeps of a client.
 *
 * @module
 */

import type { EventBatch } from "../../bot/batch.ts";
import type { LiveClient } from "../../client/live_client.ts";
import type { ClientSource } from "../metrics/client_source.ts";
import { InstrumentView } from "./instrument_view.ts";
import type { InstrumentPart, LogRow, OverviewPart } from "./messages.ts";
import { ClientNotices } from "./notices.ts";
import { Part } from "./parts.ts";

/** What a {@linkcode MarketBoard} works with. */
export interface MarketBoardOptions {
  /** Counts the client's events. */
  readonly counts: ClientSource;
  /** Is given what the client notices. */
  readonly onNotice: (notice: LogRow) => void;
}

/** What a dashboard keeps of a client, until it is disposed. */
export class MarketBoard implements AsyncDisposable {
  /** One for each instrument. */
  readonly views: readonly InstrumentView[];
  /** All instruments. */
  readonly overview: Part<OverviewPart> = new Part();

  readonly #client: LiveClient;
  readonly #counts: ClientSource;
  readonly #notices: ClientNotices;
  readonly #controller = new AbortController();
  readonly #reading: Promise<void>;

  /**
   * Begins to read what the client delivers.
   *
   * @param client The client.
   * @param options What counts its events, and where its notices go.
   */
  constructor(client: LiveClient, options: MarketBoardOptions) {
    const { bot } = client;
    this.#client = client;
    this.#counts = options.counts;
    this.#notices = new ClientNotices(client, options.onNotice);
    this.views = bot.instruments.map((_, asset) => new InstrumentView(bot, asset, this.#counts));
    this.#reading = this.#read();
  }

  /** Brings everything that a page may look at up to date. */
  refresh(): void {
    if (this.#counts.running) { for (const view of this.views) view.refresh(); }
  }

  /** Brings what changes slowly up to date. */
  refreshOverview(): void {
    const { healthy, reason = null, instruments } = this.#client.health;
    this.overview.set({
      healthy,
      reason,
      dropped: this.#client.dropped,
      instruments: instruments.map(({ asset, level, reason = null, lastFeedAgeMs }) => ({
        ...{ level, reason },
        feedAgeMs: lastFeedAgeMs === undefined ? null : Math.round(lastFeedAgeMs),
        openOrders: this.views[asset]!.openOrders,
        ...this.views[asset]!.activity,
        ...this.#botFigures(asset),
      })),
    });
    for (const view of this.views) view.refreshLatency();
  }

  /** Adds a sample of each instrument. */
  sample(): void {
    if (this.#counts.running) { for (const view of this.views) view.sample(); }
  }

  /** Forgets the oldest ten seconds of latencies. */
  stepLatency(): void {
    for (const view of this.views) view.stepLatency();
  }

  /** Stops reading. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#notices[Symbol.dispose]();
    this.#controller.abort();
    await this.#reading;
  }

  #botFigures(
    asset: number,
  ): Pick<InstrumentPart, "position" | "dropped" | "overflows" | "malformed"> {
    if (!this.#counts.readable) return { position: 0, dropped: 0, overflows: 0, malformed: 0 };
    const { bot } = this.#client;
    const { dropped, overflows, malformed } = bot.connection(asset);
    return { position: bot.position(asset), dropped, overflows, malformed };
  }

  async #read(): Promise<void> {
    const { signal } = this.#controller;
    try {
      for await (const batch of this.#client.batches({ signal })) this.#add(batch);
    } catch {
      // A bot that failed is told by the client's error event, and an abort is nobody's.
    }
  }

  #add(batch: EventBatch): void {
    const { length } = batch;
    for (let i = 0; i < length; i++) {
      const asset = batch.asset(i);
      if (asset >= 0) this.views[asset]!.add(batch, i, batch.kind(i));
    }
  }
}
