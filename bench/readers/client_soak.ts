/**
 * Reader: LiveClient over NativeBot for a long time, with the heap as it goes.
 *
 *     client_soak.ts CHANNEL batches|events
 *
 * @module
 */

import { LiveClient, NativeBot } from "@hftlive/hftlive";
import type { SoakSample } from "../lab/soak.ts";
import { instruments, Report } from "./report.ts";

const SAMPLE_MS = 1000;
/** Holds what comes while a consumer is at work; a market event takes 64 bytes. */
const QUEUE_SIZE = 262_144;

const [connector, kind] = Deno.args;
const bot = new NativeBot({ instruments: instruments(connector!, 1) });
await using client = await LiveClient.start(bot, { idle: "busySpin", batchCapacity: 4096 });
const report = new Report();
const samples: SoakSample[] = [];
const sampler = setInterval(() => {
  const { heapUsed, rss } = Deno.memoryUsage();
  samples.push({ events: report.received, heapUsed, rss });
}, SAMPLE_MS);

if (kind === "events") {
  for await (const event of client.events({ queueSize: QUEUE_SIZE })) {
    if (event.type !== "trade" && event.type !== "depth") continue;
    const { exchTimestamp, localTimestamp } = event;
    if (report.event(exchTimestamp, localTimestamp, bot.currentTimestamp())) break;
  }
} else {
  for await (const batch of client.batches()) {
    if (report.add(batch, bot.currentTimestamp())) break;
  }
}
clearInterval(sampler);
const { overflows } = bot.connection(0);
console.log(JSON.stringify({ ...report.toJSON(), samples, dropped: client.dropped, overflows }));
