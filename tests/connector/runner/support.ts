/**
 * Real programs for a runner to run, and what is left of them.
 *
 * @module
 */

import { assert } from "@std/assert";
import { ConnectorRunner, type ConnectorRunnerOptions } from "@hftlive/hftlive";
import { simConnectorPath } from "../../support/native_ready.ts";
import { uniqueConnectorName } from "../../support/sim_connector.ts";
import type { TempDirectory } from "../../support/temp_directory.ts";

/** A configuration that hftbacktest's own connector takes. */
export const VALID_CONFIG = `stream_url = "ws://127.0.0.1:9/ws"
api_url = "http://127.0.0.1:9"
order_prefix = "t"
`;

/** How sim-connector is configured unless a test says otherwise. */
export const SIM_CONFIG = `[source]
kind = "synthetic"
`;

/** The symbol of {@linkcode SIM_CONFIG}. */
export const BTCUSDT = { symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };

/** How long a test waits for what must happen; nothing fails for being slower than usual. */
const PATIENCE_MS = 60_000;

/** Writes a shell script that stands for a connector. */
export async function script(directory: TempDirectory, body: string): Promise<string> {
  const path = directory.file(`program-${crypto.randomUUID().slice(0, 8)}.sh`);
  await Deno.writeTextFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

/** A script that runs until it is asked to end. */
export const ENDLESS = `echo "pid $$"; exec sleep 1000`;

/** A script that does not end when it is asked to. */
export const IGNORES_SIGTERM = `trap '' TERM; echo "pid $$"; exec sleep 1000`;

/** Options for a script: a valid configuration, a name and a directory of its own. */
export async function scriptOptions(
  directory: TempDirectory,
  body: string,
  options: Partial<ConnectorRunnerOptions> = {},
): Promise<ConnectorRunnerOptions> {
  return {
    connectorName: uniqueConnectorName(),
    connectorType: "binancefutures",
    configPath: await directory.write("config.toml", VALID_CONFIG, { mode: 0o600 }),
    binaryPath: await script(directory, body),
    runtimeDirectory: directory.file("run"),
    ...options,
  };
}

/** A runner for a script. */
export async function scriptRunner(
  directory: TempDirectory,
  body: string,
  options: Partial<ConnectorRunnerOptions> = {},
): Promise<ConnectorRunner> {
  return new ConnectorRunner(await scriptOptions(directory, body, options));
}

/** A runner for sim-connector. */
export async function simRunner(
  directory: TempDirectory,
  config: string = SIM_CONFIG,
  options: Partial<ConnectorRunnerOptions> = {},
): Promise<ConnectorRunner> {
  return new ConnectorRunner({
    connectorName: uniqueConnectorName(),
    connectorType: "binancefutures",
    configPath: await directory.write("sim.toml", config),
    binaryPath: simConnectorPath(),
    validateConfig: false,
    runtimeDirectory: directory.file("run"),
    startupTimeoutMs: PATIENCE_MS,
    ...options,
  });
}

/** Waits until something is so. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!await isSo()) {
    assert(performance.now() < deadline, `${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits until the runner's process has printed a line that holds a text. */
export async function untilPrinted(runner: ConnectorRunner, text: string): Promise<void> {
  await until(`the line "${text}"`, () => runner.output.some(({ raw }) => raw.includes(text)));
}

/** Whether a process lives; a zombie does not. */
export async function isAlive(pid: number): Promise<boolean> {
  return (await processes()).some((process) => process.pid === pid);
}

/** The living children of a process, without the one that looks. */
export async function childrenOf(parent: number): Promise<number[]> {
  return (await processes())
    .filter(({ ppid, command }) => ppid === parent && command !== "ps")
    .map(({ pid }) => pid);
}

/** Fails if this process has children: every test ends what it started. */
export async function assertNoChildren(): Promise<void> {
  const left = await childrenOf(Deno.pid);
  assert(left.length === 0, `processes are left: ${left}`);
}

async function processes(): Promise<{ pid: number; ppid: number; command: string }[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-A", "-o", "pid=,ppid=,stat=,comm="],
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , stat]) => stat !== undefined && !stat.startsWith("Z"))
    .map(([pid, ppid, , command = ""]) => ({ pid: Number(pid), ppid: Number(ppid), command }));
}

/** The names in a directory; none when it is not there. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name).toSorted();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
