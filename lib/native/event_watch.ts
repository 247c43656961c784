/**
 * Waiting for events on another thread.
 *
 * @module
 */

import type { EventWatch, EventWatchOptions } from "../bot/live_bot.ts";
import { checkNumber } from "../model/check.ts";
import type { BotHandle } from "./bot_handle.ts";
import type { NativeFunctions } from "./symbols.ts";

const NS_PER_MS = 1_000_000;
/** Longest time that is a whole number of ns here: 104 days. */
const MAX_MS = Math.floor(Number.MAX_SAFE_INTEGER / NS_PER_MS);
/** Longest time that a thread is lent at once: one of a worker that is terminated is waited for. */
const SLICE_MS = 1_000;
/** Answers of the library. */
const TIMED_OUT = 0;
const READABLE = 1;

/**
 * Lends a bot's queues to a thread of Deno's pool, which sleeps and looks.
 *
 * @param handle An open bot.
 * @param options How often to look, and for how long.
 * @returns The watch.
 * @throws {InvalidInputError} If a time cannot be used.
 * @throws {BotError} If the library refuses.
 */
export function watchEvents(handle: BotHandle, options: EventWatchOptions): EventWatch {
  checkNumber("lookEveryMs", options.lookEveryMs, { min: 0.001, max: MAX_MS });
  checkNumber("timeoutMs", options.timeoutMs, { min: 0, max: MAX_MS });
  const { functions, pointer } = handle;
  const watch = functions.hftlive_watch_begin(pointer);
  if (watch === null) throw handle.failure(20, "Cannot watch for events");
  return {
    ended: handle.track(wait(functions, watch, options)),
    end(): void {
      if (!handle.closed) functions.hftlive_watch_end(pointer);
    },
  };
}

async function wait(
  functions: NativeFunctions,
  watch: Deno.PointerObject,
  { lookEveryMs, timeoutMs }: EventWatchOptions,
): Promise<boolean> {
  const sleep = nanoseconds(lookEveryMs);
  const end = performance.now() + timeoutMs;
  for (let left = timeoutMs;; left = end - performance.now()) {
    const slice = nanoseconds(Math.max(0, Math.min(left, SLICE_MS)));
    const result = await functions.hftlive_watch_wait(watch, sleep, slice);
    if (result !== TIMED_OUT || left <= SLICE_MS) return result === READABLE;
  }
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms * NS_PER_MS));
}
