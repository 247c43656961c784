/**
 * Reader: LiveClient over NativeBot with a timer and a socket beside it: how late they are served.
 *
 *     client_loop.ts CHANNEL IDLE_STRATEGY batches|events PORT
 *
 * @module
 */

import { build, type Histogram } from "hdr-histogram-js";
import { IDLE_STRATEGIES, LiveClient, NativeBot } from "@hftlive/hftlive";
import { follow } from "./follow.ts";
import { instruments, Report } from "./report.ts";

const TIMER_MS = 1;
const NS_PER_MS = 1e6;

const [connector, name, kind, port] = Deno.args;
const idle = IDLE_STRATEGIES.find((strategy) => strategy === name);
if (idle === undefined) throw new Error(`no idle strategy ${name}`);
using socket = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
socket.setNoDelay();
const bot = new NativeBot({ instruments: instruments(connector!, 1) });
await using client = await LiveClient.start(bot, { idle });
const report = new Report();
const timerLate = build({ highestTrackableValue: 60 * 1000 * NS_PER_MS });
const socketTook = build({ highestTrackableValue: 60 * 1000 * NS_PER_MS });
let running = true;

async function pingTimer(): Promise<void> {
  while (running) {
    const due = performance.now() + TIMER_MS;
    await new Promise((resolve) => setTimeout(resolve, TIMER_MS));
    if (report.counts) record(timerLate, performance.now() - due);
  }
}

async function pingSocket(): Promise<void> {
  const bytes = new Uint8Array(16);
  while (running) {
    const start = performance.now();
    await socket.write(bytes);
    if (await socket.read(bytes) === null) throw new Error("the echo ended");
    if (report.counts) record(socketTook, performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, TIMER_MS));
  }
}

function record(histogram: Histogram, ms: number): void {
  histogram.recordValue(Math.max(1, Math.round(ms * NS_PER_MS)));
}

function quantiles(histogram: Histogram): { p50: number; p99: number; max: number } {
  return {
    p50: histogram.getValueAtPercentile(50) / NS_PER_MS,
    p99: histogram.getValueAtPercentile(99) / NS_PER_MS,
    max: histogram.maxValue / NS_PER_MS,
  };
}

const pings = Promise.all([pingTimer(), pingSocket()]);
await follow(client, kind, report);
running = false;
await pings;
console.log(JSON.stringify({
  ...report.toJSON(),
  timerLateMs: quantiles(timerLate),
  socketMs: quantiles(socketTook),
}));
