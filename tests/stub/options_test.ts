import { assertEquals, assertThrows } from "@std/assert";
import { InvalidInputError, StubBot, type StubBotOptions } from "@hftlive/hftlive";
import { NO_PERMISSIONS } from "./helpers.ts";

const INSTRUMENT = { connector: "stub", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };

const NOT_NUMBERS = [NaN, Infinity, -Infinity, "1", null, true, {}, [], 1n];
const NOT_WHOLE = [...NOT_NUMBERS, 1.5];
const NOT_PROBABILITIES = [...NOT_NUMBERS, -0.01, 1.01];
const NOT_RANGES = [null, 5, "x", [], {}, { min: 0, max: 5 }, { min: 3, max: 2 }, {
  min: 1.5,
  max: 2,
}];

/** Values that each option refuses; each must be refused by a field of its name. */
const REFUSED: Record<keyof StubBotOptions, readonly unknown[]> = {
  seed: [...NOT_WHOLE, -1, 2 ** 32],
  instruments: [null, {}, [], "x"],
  basePrice: [...NOT_NUMBERS, 0, -1, 2, 1e300],
  volatilityTicks: [...NOT_WHOLE, -1, 1e7],
  spreadTicks: NOT_RANGES,
  depthLevels: [...NOT_WHOLE, 0, 10_001],
  tradeProbability: NOT_PROBABILITIES,
  depthProbability: NOT_PROBABILITIES,
  tradeLots: NOT_RANGES,
  levelLots: NOT_RANGES,
  stepIntervalNs: [...NOT_WHOLE, 0, -1, 2 ** 51],
  clock: ["wall", "", null, 1],
  startTime: [-1n, 2n ** 63n, 1, "1", null],
  feedLatencyNs: [...NOT_WHOLE, -1, 2 ** 51],
  feedLatencyJitterNs: [...NOT_WHOLE, -1, 2 ** 32],
  orderLatencyNs: [
    ...NOT_WHOLE,
    -1,
    2 ** 51,
    { entryNs: -1, responseNs: 1 },
    { entryNs: 1 },
    { entryNs: 1, responseNs: 0.5 },
  ],
  fill: [
    null,
    "touch",
    {},
    { model: "never" },
    { model: "probability" },
    { model: "probability", probability: 2 },
  ],
  partialFillProbability: NOT_PROBABILITIES,
  rejectProbability: NOT_PROBABILITIES,
  outages: [
    null,
    {},
    [null],
    [{}],
    [{ startNs: 0, durationNs: 1 }],
    [{ startNs: 1, durationNs: 0 }],
    [{ startNs: 1.5, durationNs: 1 }],
    [{ startNs: 1, durationNs: 1, connector: "nobody" }],
    [{ startNs: 1, durationNs: 9 }, { startNs: 10, durationNs: 1, connector: "stub" }],
  ],
  makerFee: [...NOT_NUMBERS, -2, 2],
  takerFee: [...NOT_NUMBERS, -2, 2],
  maxFeeds: [...NOT_WHOLE.filter((value) => value !== Infinity), -1],
  stepsPerPoll: [...NOT_WHOLE, 0, -1, 2 ** 40],
  lastTradesCapacity: [...NOT_WHOLE, -1],
  journalCapacity: [...NOT_WHOLE, 0, -1],
};

/** Values at the edge of what each option accepts. */
const ACCEPTED: { [Name in keyof StubBotOptions]-?: readonly Required<StubBotOptions>[Name][] } = {
  seed: [0, 2 ** 32 - 1],
  instruments: [[INSTRUMENT], [INSTRUMENT, { ...INSTRUMENT, connector: "other" }]],
  basePrice: [2.6, 1e9],
  volatilityTicks: [0, 1_000_000],
  spreadTicks: [{ min: 1, max: 1 }, { min: 1, max: 1_000 }],
  depthLevels: [1, 10_000],
  tradeProbability: [0, 1],
  depthProbability: [0, 1],
  tradeLots: [{ min: 1, max: 1 }, { min: 1, max: 1_000_000_000 }],
  levelLots: [{ min: 1, max: 1 }, { min: 1, max: 1_000_000_000 }],
  stepIntervalNs: [1, 2 ** 50],
  clock: ["virtual", "real"],
  startTime: [0n, 2n ** 62n],
  feedLatencyNs: [0, 2 ** 50],
  feedLatencyJitterNs: [0, 2_000_000_000],
  orderLatencyNs: [0, 2 ** 50, { entryNs: 0, responseNs: 0 }],
  fill: [{ model: "touch" }, { model: "probability", probability: 0 }],
  partialFillProbability: [0, 1],
  rejectProbability: [0, 1],
  outages: [[], [{ startNs: 1, durationNs: 9 }, { startNs: 11, durationNs: 2 ** 50 }]],
  makerFee: [-1, 1],
  takerFee: [-1, 1],
  maxFeeds: [0, 1, Infinity],
  stepsPerPoll: [1, 1_000],
  lastTradesCapacity: [0, 1_000],
  journalCapacity: [1, 1_000_000],
};

for (const [name, values] of Object.entries(REFUSED)) {
  Deno.test(`${name} is checked`, NO_PERMISSIONS, () => {
    for (const value of values) {
      const make = () => new StubBot({ [name]: value });
      const error = assertThrows(make, InvalidInputError, undefined, `${name}: ${String(value)}`);
      assertEquals(error.field.split(/[.[]/)[0], name, error.message);
      assertEquals(error.message.includes("\n"), false);
    }
  });
}

for (const [name, values] of Object.entries(ACCEPTED)) {
  Deno.test(`${name} is taken up to its edges`, NO_PERMISSIONS, () => {
    for (const value of [...values, undefined]) {
      using bot = new StubBot({ [name]: value });
      bot.currentTimestamp();
    }
  });
}

Deno.test("a refused part of an option is named in full", NO_PERMISSIONS, () => {
  const cases: [StubBotOptions, string][] = [
    [{ spreadTicks: { min: 5, max: 4 } }, "spreadTicks.max"],
    [{ levelLots: { min: 0, max: 4 } }, "levelLots.min"],
    [{ orderLatencyNs: { entryNs: 1, responseNs: -1 } }, "orderLatencyNs.responseNs"],
    [{ fill: { model: "probability", probability: -1 } }, "fill.probability"],
    [{ instruments: [INSTRUMENT, { ...INSTRUMENT, symbol: "" }] }, "instruments[1].symbol"],
    [{ instruments: [INSTRUMENT, INSTRUMENT] }, "instruments[1].symbol"],
    [{ instruments: [{ ...INSTRUMENT, basePrice: 0 }] }, "instruments[0].basePrice"],
    [
      { instruments: [{ ...INSTRUMENT, lastTradesCapacity: -1 }] },
      "instruments[0].lastTradesCapacity",
    ],
    [{ instruments: [{ ...INSTRUMENT, tickSize: 100_000 }] }, "basePrice"],
    [{ clock: "real", startTime: 5n }, "startTime"],
  ];
  for (const [options, field] of cases) {
    assertEquals(assertThrows(() => new StubBot(options), InvalidInputError).field, field);
  }
});

Deno.test("an option that does not exist is refused", NO_PERMISSIONS, () => {
  const options = { maxFeed: 5 } as StubBotOptions;
  const error = assertThrows(() => new StubBot(options), InvalidInputError, "maxFeeds");
  assertEquals(error.field, "maxFeed");
  for (const options of [null, 5, "x"] as unknown as StubBotOptions[]) {
    assertThrows(() => new StubBot(options), InvalidInputError);
  }
});

Deno.test("what an instrument says comes before the bot's options", NO_PERMISSIONS, () => {
  const bot = new StubBot({
    basePrice: 1_000,
    lastTradesCapacity: 3,
    tradeProbability: 1,
    instruments: [
      { ...INSTRUMENT, basePrice: 5_000, lastTradesCapacity: 7 },
      { ...INSTRUMENT, symbol: "other" },
    ],
  });
  bot.elapse(50_000_000);
  assertEquals([bot.lastTrades(0).length, bot.lastTrades(1).length], [7, 3]);
  const { bestBid } = bot.depth(0);
  assertEquals([Math.round(bestBid / 100), Math.round(bot.depth(1).bestBid / 100)], [50, 10]);
  assertEquals(bot.instruments[0], INSTRUMENT);
});

Deno.test("lastTrades keeps the newest", NO_PERMISSIONS, () => {
  const bot = new StubBot({ tradeProbability: 1, lastTradesCapacity: 3 });
  bot.elapse(10_500_000);
  const times = bot.lastTrades(0).map((trade) => trade.exchTimestamp % 1_000_000_000n);
  assertEquals(times, [8_000_000n, 9_000_000n, 10_000_000n]);
  bot.clearLastTrades();
  bot.elapse(1_000_000);
  assertEquals(bot.lastTrades(0).length, 1);
});
