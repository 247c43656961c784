import { StubBot, type StubBotOptions } from "@hftlive/hftlive";
import { describeLiveBot } from "./suite.ts";

const CONFIGURATIONS: Record<string, StubBotOptions> = {
  "virtual clock": {},
  "virtual clock, touch fills, jitter": {
    seed: 7,
    fill: { model: "touch" },
    feedLatencyJitterNs: 3_000_000,
    volatilityTicks: 30,
  },
  "virtual clock, no latency": { seed: 8, feedLatencyNs: 0, orderLatencyNs: 2 },
  "virtual clock, several instruments": {
    seed: 9,
    instruments: [
      { connector: "stub", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 },
      { connector: "stub", symbol: "ethusdt", tickSize: 0.01, lotSize: 0.001, basePrice: 3_000 },
      { connector: "other", symbol: "xrpusdt", tickSize: 0.25, lotSize: 5, basePrice: 500 },
    ],
  },
  "real clock": { clock: "real" },
};

for (const [name, options] of Object.entries(CONFIGURATIONS)) {
  const lastTradesCapacity = 20;
  describeLiveBot(
    `stub, ${name}`,
    () => ({
      bot: new StubBot({ maxFeeds: Infinity, lastTradesCapacity, ...options }),
      lastTradesCapacity,
    }),
    { permissions: "none" },
  );
}
