/** Drives any bot by polls and waits, with deadlines that suit a wall clock. */

import { assert } from "@std/assert";
import {
  type BotEvent,
  EventBatch,
  type LiveBot,
  type Order,
  type OrderUpdateEvent,
} from "@hftlive/hftlive";

const PATIENCE_MS = 30_000;
/** A virtual clock passes this many turns in far less than the patience. */
const MAX_TURNS = 1_000_000;
const TURN_NS = 2_000_000;

/** A bot for one behaviour, and what the suite must know of it. */
export interface Subject extends Partial<AsyncDisposable> {
  /** A bot of its own, with at least one instrument that has a moving market. */
  readonly bot: LiveBot;
  /** Trades that `lastTrades` keeps per instrument. */
  readonly lastTradesCapacity: number;
}

/** One thing that every bot does. */
export type Behaviour = (driver: Driver, subject: Subject) => void | Promise<void>;

/** Behaviours by what they say. */
export type Behaviours = Readonly<Record<string, Behaviour>>;

// Unique among runs, since a connector may remember the ids of an earlier one.
let lastOrderId = BigInt(Date.now()) * 1_000_000n;

/** An order id that no other call returned. */
export function newOrderId(): bigint {
  return ++lastOrderId;
}

/** Polls a bot and keeps what came. */
export class Driver {
  /** Every event since the driver was made. */
  readonly events: BotEvent[] = [];
  /** The bot. */
  readonly bot: LiveBot;
  readonly #batch = new EventBatch(256);

  constructor(bot: LiveBot) {
    this.bot = bot;
  }

  /** One poll. */
  poll(): void {
    assert(this.bot.poll(this.#batch) >= 0, "the data ended in the middle of a test");
    this.events.push(...this.#batch.events());
  }

  /** Polls until nothing that was handled is left to deliver. */
  drain(): void {
    do this.poll(); while (this.#batch.more);
  }

  /** Lets the bot work until a condition holds; what a batch has is read before it is asked. */
  until(what: string, condition: () => boolean): void {
    const deadline = Date.now() + PATIENCE_MS;
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      this.drain();
      if (condition()) return;
      assert(Date.now() < deadline, `not within ${PATIENCE_MS} ms: ${what}`);
      this.bot.waitNextFeed(true, TURN_NS);
    }
    throw new Error(`not within ${MAX_TURNS} turns: ${what}`);
  }

  /** Waits for a book with both sides. */
  untilTwoSided(asset = 0): void {
    const depth = this.bot.depth(asset);
    this.until(
      `a two-sided book of asset ${asset}`,
      () => depth.bestBidQty > 0 && depth.bestAskQty > 0,
    );
  }

  /** Waits until an order has no request pending and satisfies a condition. */
  untilOrder(orderId: bigint, what: string, condition: (order: Order) => boolean): Order {
    const current = () => this.bot.order(0, orderId);
    this.until(`order ${what}, it is ${current()?.status}`, () => {
      const order = current();
      return order !== undefined && order.request === "none" && condition(order);
    });
    return current()!;
  }

  /** The order events of one order. */
  orderEvents(orderId: bigint): OrderUpdateEvent[] {
    return this.events.filter((event): event is OrderUpdateEvent =>
      event.type === "order" && event.orderId === orderId
    );
  }
}

/** Runs something with a driver on a bot, which is closed afterwards. */
export async function withDriver(
  make: () => Subject | Promise<Subject>,
  run: Behaviour,
): Promise<void> {
  const subject = await make();
  try {
    await run(new Driver(subject.bot), subject);
  } finally {
    subject.bot.close();
    await subject[Symbol.asyncDispose]?.();
  }
}
