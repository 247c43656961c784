/** Connectors of the stub that go away and come back, as the live engine would see them. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  BotError,
  type BotEvent,
  LiveClient,
  StubBot,
  type StubBotOptions,
} from "@hftlive/hftlive";
import { eventsOf, handledBy, NEVER_FILL, NO_PERMISSIONS, ofType } from "./helpers.ts";

const MS = 1_000_000;
const OUTAGE = { startNs: 10 * MS + 1, durationNs: 20 * MS };
const TWO = ["alpha", "beta"].map((connector) => ({
  connector,
  symbol: "btcusdt",
  tickSize: 0.1,
  lotSize: 0.001,
}));

function stub(options: StubBotOptions = {}): StubBot {
  return new StubBot({ fill: NEVER_FILL, outages: [OUTAGE], ...options });
}

/** What is told of connections, as "asset state". */
function states(events: readonly BotEvent[]): string[] {
  return ofType(events, "connection").map(({ asset, state }) => `${asset} ${state}`);
}

Deno.test("nothing comes during an outage, and then the whole book", NO_PERMISSIONS, () => {
  const bot = stub();
  const events = eventsOf(bot);
  assertEquals(
    states(events),
    ["0 attached", "0 registered"].concat(
      ["0 detached", "0 attached", "0 registered"],
    ),
  );
  const gone = events.findIndex((event) =>
    event.type === "connection" && event.state === "detached"
  );
  const [attached, start, clear, snapshot] = events.slice(gone + 1);
  assertEquals(
    [attached?.type, start?.type, clear?.type, snapshot?.type],
    ["connection", "batchStart", "depthClear", "snapshot"],
  );
  const silent = Number(attached!.localTimestamp - events[gone]!.localTimestamp);
  assertEquals(silent, OUTAGE.durationNs);
});

Deno.test("an outage changes nothing in the market that goes on", NO_PERMISSIONS, () => {
  const late = (bot: StubBot): BotEvent[] => {
    bot.elapse(50 * MS);
    handledBy(bot);
    return eventsOf(bot);
  };
  assertEquals(
    late(stub({ maxFeeds: 100 })),
    late(new StubBot({ fill: NEVER_FILL, maxFeeds: 100 })),
  );
});

Deno.test("the book stays as it was, until it is taken anew", NO_PERMISSIONS, () => {
  const bot = stub();
  bot.elapse(12 * MS);
  const { bestBid, bestAsk } = bot.depth(0);
  assertEquals([bot.connection(0).attached, bot.connection(0).registered], [false, false]);
  bot.elapse(15 * MS);
  assertEquals([bot.depth(0).bestBid, bot.depth(0).bestAsk], [bestBid, bestAsk]);
  bot.elapse(10 * MS);
  assertEquals(bot.connection(0).registered, true);
  const { bids, asks } = bot.depth(0).snapshot();
  assertEquals([bids.length, asks.length], [20, 20], "no level of the old book");
});

Deno.test("requests are refused while nobody would receive them", NO_PERMISSIONS, () => {
  const bot = stub();
  bot.elapse(MS);
  const { bestBid } = bot.depth(0);
  bot.submitBuyOrder(0, 1n, bestBid - 50, 1, "GTC", "limit", true);
  bot.elapse(12 * MS);
  for (
    const request of [
      () => bot.submitSellOrder(0, 2n, bestBid + 50, 1, "GTC", "limit"),
      () => bot.cancel(0, 1n),
    ]
  ) {
    const error = assertThrows(request, BotError, "no connector is attached to stub");
    assertEquals(error.reason, "custom");
  }
  assertEquals([...bot.orders(0).keys()], [1n]);
});

Deno.test(
  "orders at rest or on their way are lost, those that ended are not",
  NO_PERMISSIONS,
  () => {
    const bot = stub({ orderLatencyNs: 2 * MS });
    bot.elapse(MS);
    const { bestBid } = bot.depth(0);
    const price = bestBid - 50;
    bot.submitBuyOrder(0, 1n, price, 1, "GTC", "limit", true);
    bot.submitBuyOrder(0, 2n, price, 1, "GTC", "limit", true);
    bot.submitBuyOrder(0, 3n, price, 1, "GTC", "limit", true);
    bot.cancel(0, 3n, true);
    bot.elapse(Number(1_700_000_000_000_000_000n - bot.currentTimestamp()) + 9 * MS + MS / 2);
    // Neither reaches the exchange before the connector has gone.
    bot.cancel(0, 2n);
    bot.submitBuyOrder(0, 4n, price, 1, "GTC", "limit");
    bot.elapse(30 * MS);
    const seen = [...bot.orders(0).values()].map(({ orderId, status, request }) =>
      `${orderId} ${status} ${request}`
    );
    assertEquals(seen, ["1 none none", "2 none canceled", "3 canceled none", "4 none new"]);
    const errors = ofType(handledBy(bot), "error");
    assertEquals(errors.map(({ message }) => message), [
      "Cannot account for orders of btcusdt: connector stub does not know 1, 2, 4",
    ]);
    bot.clearInactiveOrders();
    assertEquals(bot.orders(0).size, 0);
  },
);

Deno.test("what is filled during an outage shows in the position alone", NO_PERMISSIONS, () => {
  const bot = stub({ fill: { model: "probability", probability: 1 }, partialFillProbability: 0 });
  bot.elapse(9 * MS);
  const { bestBid } = bot.depth(0);
  bot.submitBuyOrder(0, 1n, bestBid - 0.1, 1, "GTC", "limit", true);
  bot.elapse(40 * MS);
  const { status, execQty } = bot.order(0, 1n)!;
  assertEquals([status, execQty, bot.position(0)], ["none", 0, 1]);
  assertEquals(bot.stateValues(0).numTrades, 0);
  assertEquals(ofType(handledBy(bot), "position").map(({ qty }) => qty), [1]);
});

Deno.test("another connector's outage leaves one's own instruments alone", NO_PERMISSIONS, () => {
  const bot = stub({ instruments: TWO, outages: [{ ...OUTAGE, connector: "beta" }] });
  bot.elapse(12 * MS);
  assertEquals([0, 1].map((asset) => bot.connection(asset).attached), [true, false]);
  bot.elapse(50 * MS);
  assertEquals(states(handledBy(bot)).slice(4), ["1 detached", "1 attached", "1 registered"]);
});

Deno.test(
  "the data does not end in the middle of an outage, nor wait for one",
  NO_PERMISSIONS,
  () => {
    const within = eventsOf(stub({ maxFeeds: 20 }));
    assertEquals(states(within).at(-1), "0 registered");
    const before = eventsOf(stub({ maxFeeds: 5 }));
    assertEquals(states(before), ["0 attached", "0 registered"]);
  },
);

Deno.test("a client tells that the connection is lost, and restored", NO_PERMISSIONS, async () => {
  await using client = await LiveClient.start(stub());
  const told: string[] = [];
  for (const type of ["connectionlost", "connectionrestored"] as const) {
    client.addEventListener(type, ({ detail }) => told.push(`${type} ${detail.level}`));
  }
  assert(await client.finished === "endOfData");
  assertEquals(told, ["connectionlost none", "connectionrestored fresh"]);
});
