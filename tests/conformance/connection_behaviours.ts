/** How every bot tells what is proven about its connection. */

import { assert, assertEquals } from "@std/assert";
import type { BotEvent } from "@hftlive/hftlive";
import { type Behaviours, type Driver, newOrderId } from "./driver.ts";
import { cancelAndWait } from "./order_behaviours.ts";
import { farBid, oneLot } from "./prices.ts";

/** Behaviours of connection and registration. */
export const CONNECTION_BEHAVIOURS: Behaviours = {
  "a connector that answered counts as registered"(driver) {
    const { bot } = driver;
    for (let asset = 0; asset < bot.numAssets; asset++) {
      driver.until(`asset ${asset} to be registered`, () => bot.connection(asset).registered);
      driver.untilTwoSided(asset);
      // The book in an answer comes from the connector's memory, and proves no feed.
      driver.until(
        `a feed of asset ${asset}`,
        () => bot.connection(asset).lastFeedTimestamp !== undefined,
      );
      const status = bot.connection(asset);
      assertEquals(status.attached, true);
      assertEquals([status.overflows, status.dropped, status.malformed], [0, 0, 0]);
      driver.drain();
      const states = driver.events.filter((event) => event.type === "connection")
        .filter((event) => event.asset === asset).map((event) => event.state);
      assertEquals(states.at(-1), "registered");
      assert(states.includes("attached"), `states of asset ${asset}: ${states}`);
    }
  },

  "the first registration brings the whole book between its marks"(driver) {
    driver.untilTwoSided();
    driver.until("an answer to the registration", () => registrations(driver).length > 0);
    checkRegistration(registrations(driver)[0]!);
  },

  "registering again settles no order that the connector knows"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const [open, sent] = [newOrderId(), newOrderId()];
    const price = farBid(bot);
    bot.submitBuyOrder(0, open, price, oneLot(bot), "GTC", "limit", true);
    driver.untilOrder(open, "new", (order) => order.status === "new");
    bot.register(0);
    // On its way while the answer is made.
    bot.submitBuyOrder(0, sent, price, oneLot(bot), "GTC", "limit");
    bot.register(0);
    driver.drain();
    const answers = registrations(driver).length;
    bot.register(0);
    driver.until("an answer", () => registrations(driver).length > answers);
    for (const orderId of [open, sent]) {
      const order = driver.untilOrder(orderId, "new", ({ status }) => status === "new");
      assertEquals([order.status, order.request], ["new", "none"]);
      cancelAndWait(driver, orderId);
      const words = new Set(driver.orderEvents(orderId).map(({ status }) => status));
      assertEquals([...words], ["new", "canceled"]);
    }
  },

  "registering again brings orders, position and book again"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    // A connector tells a position once it knows one.
    trade(driver, "buy");
    trade(driver, "sell");
    const orderId = newOrderId();
    bot.submitBuyOrder(0, orderId, farBid(bot), oneLot(bot), "GTC", "limit", true);
    driver.untilOrder(orderId, "new", (order) => order.status === "new");
    for (const asset of [0, undefined]) {
      driver.drain();
      driver.events.length = 0;
      bot.register(asset);
      driver.until("a new answer", () => registrations(driver).length > 0);
      const answer = registrations(driver)[0]!;
      checkRegistration(answer);
      assert(
        answer.some((event) => event.type === "order" && event.orderId === orderId),
        "the open order is missing",
      );
      const positions = answer.flatMap((event) => event.type === "position" ? [event.qty] : []);
      assertEquals(positions, [bot.position(0)]);
    }
    assertEquals(bot.connection(0).registered, true);
    assertEquals(bot.order(0, orderId)?.status, "new");
    cancelAndWait(driver, orderId);
  },
};

/** Asset 0's answers to registrations: the events between their marks. */
function registrations(driver: Driver): BotEvent[][] {
  const found: BotEvent[][] = [];
  let current: BotEvent[] | undefined;
  for (const event of driver.events) {
    if (event.type === "batchStart" && event.registration) current = [];
    else if (event.type === "batchEnd" && event.registration) {
      // A mark need not say whose it is; the book between the marks does.
      if (current?.some((inner) => inner.type === "snapshot" && inner.asset === 0)) {
        found.push(current);
      }
      current = undefined;
    } else if (event.asset === 0) current?.push(event);
  }
  return found;
}

/** Trades one lot at the market, and sees the position follow. */
function trade(driver: Driver, side: "buy" | "sell"): void {
  const { bot } = driver;
  const orderId = newOrderId();
  const seen = driver.events.length;
  if (side === "buy") bot.submitBuyOrder(0, orderId, 0, oneLot(bot), "GTC", "market", true);
  else bot.submitSellOrder(0, orderId, 0, oneLot(bot), "GTC", "market", true);
  driver.untilOrder(orderId, "filled", (order) => order.status === "filled");
  const isPosition = (event: BotEvent) => event.type === "position" && event.asset === 0;
  driver.until("the position", () => driver.events.slice(seen).some(isPosition));
}

function checkRegistration(events: readonly BotEvent[]): void {
  const sides = events.flatMap((event) => event.type === "snapshot" ? [event.side] : []);
  assert(sides.includes("buy") && sides.includes("sell"), `sides of the book: ${sides}`);
}
