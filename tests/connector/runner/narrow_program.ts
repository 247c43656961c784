/**
 * Starts a connector, waits until it is ready, stops it. Prints what was reached and how it ended;
 * with exit code 3 the flags that are missing.
 *
 * @module
 */

import { ConnectorRunner } from "../../../lib/connector/runner.ts";
import { MissingPermissionError } from "../../../lib/model/errors.ts";

const [binaryPath, configPath, runtimeDirectory, level, mode] = Deno.args;
try {
  await using runner = new ConnectorRunner({
    connectorName: `narrow-${Deno.pid}`,
    connectorType: "binancefutures",
    configPath: configPath ?? "",
    binaryPath,
    runtimeDirectory,
    validateConfig: mode !== "unchecked",
    clearEnv: mode === "clear",
  });
  await runner.start();
  const { reached } = await runner.waitForReady({
    level: level === "attached" ? "attached" : "alive",
  });
  console.log(reached, (await runner.stop())?.reason);
} catch (error) {
  if (!(error instanceof MissingPermissionError)) throw error;
  console.log(error.flags.join(" "));
  Deno.exitCode = 3;
}
