/**
 * What a StubBot yields through `poll`, as fast as it can.
 *
 * @module
 */

import { EventBatch, StubBot } from "@hftlive/hftlive";

const WARM_UP = 2_000_000;
const EVENTS = 20_000_000;

using bot = new StubBot({ seed: 7, maxFeeds: Infinity });
const batch = new EventBatch(4096);
drain(WARM_UP);
const start = performance.now();
const events = drain(EVENTS);
console.log(JSON.stringify({ events, seconds: (performance.now() - start) / 1000 }));

function drain(atLeast: number): number {
  let events = 0;
  while (events < atLeast) events += bot.poll(batch);
  return events;
}
