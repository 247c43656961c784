/**
 * A program that runs a connector and then ends in the way it is asked to. Prints one JSON line with
 * the process ids of its connector and of all its children.
 *
 * @module
 */

import { ConnectorRunner } from "@hftlive/hftlive";
import { childrenOf, untilPrinted, VALID_CONFIG } from "./support.ts";

const [binaryPath, directory, how] = Deno.args;
if (binaryPath === undefined || directory === undefined) {
  throw new Error("usage: PROGRAM DIRECTORY");
}
const configPath = `${directory}/parent.toml`;
await Deno.writeTextFile(configPath, VALID_CONFIG, { mode: 0o600 });

const runner = new ConnectorRunner({
  connectorName: "orphan",
  connectorType: "binancefutures",
  configPath,
  binaryPath,
  runtimeDirectory: `${directory}/run`,
  shutdownTimeoutMs: how === "sigint" ? 60_000 : 300,
});
if (how === "sigint") {
  Deno.addSignalListener("SIGINT", async () => {
    console.log(JSON.stringify(await runner.stop()));
    Deno.exit(130);
  });
}
await runner.start();
await untilPrinted(runner, "pid");
const { pid } = runner;
const children = await childrenOf(Deno.pid);
console.log(JSON.stringify({ pid, children }));

if (how === "throw") throw new Error("on purpose");
if (how === "exit") Deno.exit(3);
await new Promise(() => setInterval(() => {}, 1_000));
