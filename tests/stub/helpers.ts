/** Reading stub bots in tests. */

import {
  type BotEvent,
  EventBatch,
  type LiveBot,
  type OrderUpdateEvent,
  RECORD_SIZE,
} from "@hftlive/hftlive";

/** What every test of the stub may do. */
export const NO_PERMISSIONS = { permissions: "none" } as const;

/** A fill probability that leaves resting orders alone. */
export const NEVER_FILL = { model: "probability", probability: 0 } as const;

/** Polls until the data ends, or until there are `atLeast` events. */
export function eventsOf(bot: LiveBot, atLeast?: number): BotEvent[] {
  const enough = atLeast ?? Infinity;
  const batch = new EventBatch(512);
  const events: BotEvent[] = [];
  while (events.length < enough && bot.poll(batch) >= 0) events.push(...batch.events());
  return events;
}

/** The events that waits have handled; of order events, which have no time, also later ones. */
export function handledBy(bot: LiveBot): BotEvent[] {
  const now = bot.currentTimestamp();
  const batch = new EventBatch(100_000);
  bot.poll(batch);
  return [...batch.events()].filter((event) =>
    event.type === "order" || event.localTimestamp <= now
  );
}

/** The bytes of the first records of a bot. */
export function bytesOf(bot: LiveBot, count: number, capacity = 512): Uint8Array {
  const batch = new EventBatch(capacity);
  const bytes = new Uint8Array(count * RECORD_SIZE);
  let at = 0;
  while (at < bytes.length && bot.poll(batch) >= 0) {
    const records = batch.bytes.subarray(RECORD_SIZE, (batch.length + 1) * RECORD_SIZE);
    bytes.set(records.subarray(0, bytes.length - at), at);
    at += records.length;
  }
  if (at < bytes.length) throw new Error(`only ${at / RECORD_SIZE} of ${count} records came`);
  return bytes;
}

/** The events by their type. */
type Events = { [Event in BotEvent as Event["type"]]: Event };

/** The event of one type. */
export type EventOf<T extends BotEvent["type"]> = Events[T] & { readonly type: T };

/** The events of one type. */
export function ofType<T extends BotEvent["type"]>(
  events: readonly BotEvent[],
  type: T,
): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}

/** The order events of one order that are executions. */
export function executionsOf(events: readonly BotEvent[], orderId: bigint): OrderUpdateEvent[] {
  return ofType(events, "order").filter((event) => event.orderId === orderId && event.execQty > 0);
}

/** Lets a bot receive its first book. */
export function ready<T extends LiveBot>(bot: T): T {
  bot.waitNextFeed(false, 1_000_000_000);
  return bot;
}
