/** What the tests of the replay bot share. */

import {
  type BotEvent,
  EventBatch,
  type LiveBot,
  ReplayBot,
  type ReplayBotOptions,
  StubBot,
  type StubBotOptions,
} from "@hftlive/hftlive";
import { MemorySource, recordBot, type Recorded } from "./memory.ts";

/** What most tests trade. */
export const INSTRUMENT = {
  connector: "replay",
  symbol: "btcusdt",
  tickSize: 0.1,
  lotSize: 0.001,
} as const;

/** A moment that recordings begin at. */
export const START = 1_700_000_000_000_000_000n;

/** A bot on one instrument's events. */
export function replayOf(
  events: readonly Recorded[] | Uint8Array<ArrayBuffer>,
  options: Omit<ReplayBotOptions, "instruments"> = {},
): ReplayBot {
  const recording = new MemorySource(events);
  return new ReplayBot({ ...options, instruments: [{ ...INSTRUMENT, recording }] });
}

/** The market records of a stub's whole run. */
export function stubRecords(options: StubBotOptions = {}): Uint8Array<ArrayBuffer> {
  using stub = new StubBot(options);
  return recordBot(stub);
}

/** All events to the end of a bot's data, or until there are as many. */
export function eventsOf(bot: LiveBot, capacity = 64): BotEvent[] {
  const batch = new EventBatch(capacity);
  const events: BotEvent[] = [];
  while (bot.poll(batch) >= 0) events.push(...batch.events());
  return events;
}

/** Whether an event is one of the market: not of the connection or its marks. */
export function isMarket(event: BotEvent): boolean {
  return ["trade", "depth", "snapshot", "bbo", "depthClear"].includes(event.type);
}

/** A level of the book: `bid` or `ask` at a price, in whole units. */
export function level(
  side: "buy" | "sell",
  price: number,
  qty: number,
  at: { exch: bigint; local: bigint },
): Recorded {
  return { side, price, qty, ...at };
}

/** Exchange and local time: so many ns after the start, the second later by the latency. */
export function after(ns: number, latencyNs = 1_000): { exch: bigint; local: bigint } {
  return { exch: START + BigInt(ns), local: START + BigInt(ns + latencyNs) };
}
