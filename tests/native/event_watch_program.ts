/**
 * Ends while a watch of ten minutes runs: by exiting, throwing, closing the bot, a signal, or in a worker that is
 * terminated.
 *
 * Arguments: `CHANNEL exit|throw|close|signal|worker`.
 */

import { NativeBot } from "../../lib/native/native_bot.ts";

const TEN_MINUTES = { lookEveryMs: 600_000, timeoutMs: 600_000 };

/** Begins the watch. */
export function watch(connector: string): NativeBot {
  const bot = new NativeBot({
    instruments: [{ connector, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 }],
  });
  bot.watchEvents(TEN_MINUTES);
  return bot;
}

async function main(connector: string, ending: string): Promise<void> {
  if (ending === "worker") {
    const worker = new Worker(new URL("event_watch_worker.ts", import.meta.url), {
      type: "module",
    });
    await new Promise((resolve) => {
      worker.onmessage = resolve;
      worker.postMessage(connector);
    });
    console.log("watching");
    worker.terminate();
    return;
  }
  const bot = watch(connector);
  console.log("watching");
  // The thread that waits has begun, most likely.
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (ending === "exit") Deno.exit(7);
  if (ending === "throw") throw new Error("thrown");
  if (ending === "close") bot.close();
  if (ending === "signal") Deno.kill(Deno.pid, "SIGINT");
}

if (import.meta.main) await main(Deno.args[0]!, Deno.args[1]!);
