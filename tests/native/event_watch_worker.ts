/** Watches for ten minutes on the channel that a message names. */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { watch } from "./event_watch_program.ts";

self.addEventListener("message", ({ data: connector }: MessageEvent<string>) => {
  watch(connector);
  self.postMessage("watching");
});
