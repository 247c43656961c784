import { assertEquals } from "@std/assert";
import { Interruption } from "../../lib/cli/signals.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("the first signal asks, the same request again is ignored, a later one ends", async () => {
  let ended = 0;
  // A signal listener alone does not keep the event loop going.
  const keepAlive = setInterval(() => {}, 1000);
  using interruption = new Interruption(() => ended++);
  assertEquals(interruption.signal.aborted, false);
  const aborted = new Promise((resolve) => interruption.signal.addEventListener("abort", resolve));
  Deno.kill(Deno.pid, "SIGTERM");
  await aborted;
  Deno.kill(Deno.pid, "SIGTERM");
  await sleep(50);
  assertEquals(ended, 0);
  await sleep(350);
  Deno.kill(Deno.pid, "SIGTERM");
  while (ended === 0) await sleep(10);
  assertEquals(ended, 1);
  clearInterval(keepAlive);
});
