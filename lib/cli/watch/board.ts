/**
 * The statistics of all instruments of a bot.
 *
 * @module
 */

import type { EventBatch } from "../../bot/batch.ts";
import type { LiveBot } from "../../bot/live_bot.ts";
import { MarketStatistics } from "../../client/statistics.ts";

/** The statistics of all instruments of a bot, by asset number. */
export class StatisticsBoard {
  /** One for each instrument. */
  readonly all: readonly MarketStatistics[];

  /** @param bot The bot whose batches will be added. */
  constructor(bot: LiveBot) {
    this.all = bot.instruments.map((_, asset) => new MarketStatistics(bot, { asset }));
  }

  /** Counts all records of a batch. */
  add(batch: EventBatch): void {
    const [only] = this.all;
    if (this.all.length === 1) return only!.add(batch);
    const touched = new Set<MarketStatistics>();
    for (let i = 0; i < batch.length; i++) {
      const asset = batch.asset(i);
      const concerned = asset < 0 ? this.all : [this.all[asset]!];
      for (const statistics of concerned) {
        statistics.addRecord(batch, i);
        touched.add(statistics);
      }
    }
    for (const statistics of touched) statistics.sample();
  }

  /** Brings all of them up to date, also where no batch has come for a while. */
  sample(elapsedS: number): void {
    for (const statistics of this.all) statistics.sample({ elapsedS });
  }
}
