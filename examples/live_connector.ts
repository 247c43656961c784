/**
 * The classic: watch a market through a connector and print its statistics.
 *
 *     deno run -A examples/live_connector.ts --stub --duration 5
 *     deno run -A examples/live_connector.ts --live --connector NAME --symbol btcusdt \
 *         --tick-size 0.1 --lot-size 0.001
 *
 * @module
 */

import { LiveClient, MarketStatistics } from "@hftlive/hftlive";
import { runExample } from "./support/run_example.ts";

await runExample("live_connector", async (bot, { signal }) => {
  await using client = await LiveClient.start(bot, { closeBot: false, signal });
  client.addEventListener("connectionlost", ({ detail }) => console.error(detail.reason));
  client.addEventListener("connectionrestored", ({ detail }) => console.error(detail.reason));
  await client.ready({ timeoutMs: 5_000, signal });

  const statistics = new MarketStatistics(bot);
  const printer = setInterval(() => console.log(line(statistics)), 1000);
  try {
    for await (const batch of client.batches()) statistics.add(batch);
  } finally {
    clearInterval(printer);
  }
  console.log(`done: ${line(statistics)}`);
});

function line(statistics: MarketStatistics): string {
  const s = statistics.toJSON();
  return `${s.totalTrades} trades (bought ${s.buyVolume.toFixed(3)}, sold ${
    s.sellVolume.toFixed(3)
  }), ${s.depthUpdates} depth updates, bid ${s.lastBid}, ask ${s.lastAsk}, dropped ${s.dropped}`;
}
