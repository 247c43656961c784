/**
 * Runs a program whose output is a flood twice, and tells how this process's memory grew in the
 * second run.
 *
 * @module
 */

import { ConnectorRunner } from "@hftlive/hftlive";
import { VALID_CONFIG } from "./support.ts";

const [binaryPath, directory] = Deno.args;
if (binaryPath === undefined || directory === undefined) {
  throw new Error("usage: PROGRAM DIRECTORY");
}
const configPath = `${directory}/flood.toml`;
await Deno.writeTextFile(configPath, VALID_CONFIG, { mode: 0o600 });

await using runner = new ConnectorRunner({
  connectorName: "flood",
  connectorType: "binancefutures",
  configPath,
  binaryPath,
  runtimeDirectory: `${directory}/run`,
});
// The first run takes the heap to the size that it works with; what the second adds is kept.
await runner.start();
await runner.exited;
const before = Deno.memoryUsage().rss;
let peak = before;
const timer = setInterval(() => peak = Math.max(peak, Deno.memoryUsage().rss), 5);
await runner.start();
const { reason, code } = await runner.exited;
clearInterval(timer);
peak = Math.max(peak, Deno.memoryUsage().rss);

const { lines, cutBytes } = runner.outputCounts;
console.log(JSON.stringify({
  exit: { reason, code },
  lines,
  kept: runner.output.length,
  cutBytes,
  last: runner.output.at(-1)?.raw.slice(0, 100),
  grownBytes: peak - before,
}));
