/** Prints its metrics for Prometheus, and has Deno export the same ones, until standard input ends. */

import { LiveClient, Metrics, StubBot } from "@hftlive/hftlive";

await using client = await LiveClient.start(new StubBot({ seed: 11, maxFeeds: 500 }));
await using metrics = new Metrics();
metrics.observe(client);
await metrics.exportOpenTelemetry();
await client.finished;
console.log((await metrics.prometheus()).text);
console.log("END");
await Deno.stdin.readable.pipeTo(new WritableStream());
