/** Makes a bot for the connector that a message names, and leaves it open. */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { NativeBot } from "../../lib/native/native_bot.ts";
import { probeChannel } from "../../lib/native/probe.ts";

const bots: NativeBot[] = [];

self.addEventListener("message", ({ data: connector }: MessageEvent<string>) => {
  bots.push(
    new NativeBot({
      instruments: [{ connector, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 }],
    }),
  );
  self.postMessage(`${probeChannel(connector).bots} bot`);
});
