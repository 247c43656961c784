/**
 * Reader: LiveClient over NativeBot for a long time, with the heap as it goes.
 *
 *     client_soak.ts CHANNEL batches|events
 *
 * @module
 */

import { LiveClient, NativeBot } from "@hftlive/hftlive";
import type { SoakSample } from "../lab/soak.ts";
import { follow } from "./follow.ts";
import { instruments, Report } from "./report.ts";

const SAMPLE_MS = 1000;

const [connector, kind] = Deno.args;
const bot = new NativeBot({ instruments: instruments(connector!, 1) });
await using client = await LiveClient.start(bot, { idle: "busySpin", batchCapacity: 4096 });
const report = new Report();
const samples: SoakSample[] = [];
const sampler = setInterval(() => {
  const { heapUsed, rss } = Deno.memoryUsage();
  samples.push({ events: report.received, heapUsed, rss });
}, SAMPLE_MS);

await follow(client, kind, report);
clearInterval(sampler);
const { overflows } = bot.connection(0);
console.log(JSON.stringify({ ...report.toJSON(), samples, dropped: client.dropped, overflows }));
