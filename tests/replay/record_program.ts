/**
 * A recorder in a process of its own: records a stub's events, tells how many there were, and waits
 * to be killed. When recording fails, it goes on to the stub's end, tells what has become of all,
 * and ends. Arguments: the recorder's options as JSON, and the number of the stub's steps.
 */

import { EventBatch } from "../../lib/bot/batch.ts";
import { Recorder } from "../../lib/replay/record/recorder.ts";
import { StubBot } from "../../lib/stub/stub_bot.ts";

const [options, maxFeeds] = Deno.args;
const bot = new StubBot({ seed: 7, maxFeeds: Number(maxFeeds) });
const recorder = new Recorder(bot, JSON.parse(options ?? ""));
const batch = new EventBatch();
while (bot.poll(batch) >= 0) {
  if (!recorder.write(batch)) await new Promise((resolve) => setTimeout(resolve, 1));
}
if (recorder.report.state === "recording") {
  console.log(recorder.report.events);
} else {
  const { state, events, dropped, files, failure } = await recorder.close();
  console.log(JSON.stringify({ state, events, dropped, files, message: failure?.message }));
}
