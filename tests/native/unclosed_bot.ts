/** Leaves bots unclosed, and prints how many listen to the channel that its argument names. */

import { NativeBot } from "../../lib/native/native_bot.ts";
import { probeChannel } from "../../lib/native/probe.ts";

declare const gc: () => void;

const connector = Deno.args[0]!;

function makeBot(): NativeBot {
  return new NativeBot({
    instruments: [{ connector, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 }],
  });
}

/** In a function of its own, so that no variable keeps the bot. */
function countWithUnclosedBot(): number {
  makeBot();
  return probeChannel(connector).bots;
}

/** Lets the collector run, and the callbacks that it leaves for later. */
async function collect(): Promise<void> {
  for (let i = 0; i < 10; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const open = countWithUnclosedBot();
await collect();
const collected = probeChannel(connector).bots;

const view = makeBot().depth(0);
await collect();
const keptByView = probeChannel(connector).bots;
if (view.tickSize !== 0.1) throw new Error("the view is dead");

console.log(JSON.stringify({ open, collected, keptByView }));
