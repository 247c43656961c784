/**
 * Supervisors of real programs.
 *
 * @module
 */

import {
  type ConnectorSettings,
  describeState,
  type SupervisedStateName,
  Supervisor,
  type SupervisorSettings,
} from "@hftlive/hftlive";
import { stringify } from "smol-toml";
import { simConnectorPath } from "../../support/native_ready.ts";
import { uniqueConnectorName } from "../../support/sim_connector.ts";
import type { TempDirectory } from "../../support/temp_directory.ts";
import { BTCUSDT, script, until, VALID_CONFIG } from "../runner/support.ts";

/** A connector that runs until it is asked to end, as settings; "alive" is all it can prove. */
export async function scriptSettings(
  directory: TempDirectory,
  body: string,
  changes: Partial<ConnectorSettings> = {},
): Promise<ConnectorSettings> {
  return {
    name: uniqueConnectorName(),
    type: "binancefutures",
    configPath: await directory.write("config.toml", VALID_CONFIG, { mode: 0o600 }),
    validateConfig: true,
    binaryPath: await script(directory, body),
    projectRoot: undefined,
    buildFeatures: undefined,
    env: {},
    clearEnv: false,
    channel: undefined,
    dependsOn: [],
    restart: {
      policy: "on-failure",
      firstDelayMs: 10,
      maxDelayMs: 100,
      jitter: 0,
      maxRestarts: 3,
      windowMs: 60_000,
    },
    ready: { level: "alive", symbol: undefined, timeoutMs: 60_000 },
    watchdog: undefined,
    stopTimeoutMs: 10_000,
    network: "custom",
    ...changes,
  };
}

/** A sim-connector as settings; market data of btcusdt proves it. */
export async function simSettings(
  directory: TempDirectory,
  config: Record<string, unknown>,
  changes: Partial<ConnectorSettings> = {},
): Promise<ConnectorSettings> {
  const file = `sim-${crypto.randomUUID().slice(0, 8)}.toml`;
  return {
    ...await scriptSettings(directory, ""),
    configPath: await directory.write(file, stringify(config)),
    validateConfig: false,
    network: undefined,
    binaryPath: simConnectorPath(),
    ready: { level: "fresh", symbol: BTCUSDT, timeoutMs: 60_000 },
    ...changes,
  };
}

/** A script that ends with a code once its supervisor has seen that it is ready. */
export function endsOnceReady(code: number): string {
  return `while [ ! -e "$0.ready" ]; do sleep 0.02; done; rm "$0.ready"; echo ending; exit ${code}`;
}

/** A synthetic market. */
export const SYNTHETIC = { source: { kind: "synthetic", rate: 2_000 } };

/** Settings of a supervisor with these connectors. */
export function settingsOf(
  directory: TempDirectory,
  ...connectors: readonly ConnectorSettings[]
): SupervisorSettings {
  return {
    path: directory.file("connectors.toml"),
    controlSocket: directory.file("run/control.sock"),
    logFiles: undefined,
    connectors,
    warnings: [],
  };
}

/** A supervisor that notes all states of its connectors, as `name: state`. */
export interface Watched {
  readonly supervisor: Supervisor;
  /** The states so far, without names and numbers that differ from run to run. */
  readonly states: string[];
}

/** Makes a supervisor that notes all states, and lets {@linkcode endsOnceReady} know of them. */
export async function watched(
  directory: TempDirectory,
  connectors: readonly ConnectorSettings[],
  changes: Partial<SupervisorSettings> = {},
): Promise<Watched & AsyncDisposable> {
  const settings = settingsOf(directory, ...connectors);
  const supervisor = await Supervisor.create({ ...settings, ...changes });
  const states: string[] = [];
  supervisor.addEventListener("statechange", ({ detail: { connector, state } }) => {
    const number = connectors.findIndex(({ name }) => name === connector);
    let text = describeState(state).replace(/ in \d+\.\d s$/, "");
    connectors.forEach(({ name }, index) => text = text.replaceAll(name, `#${index}`));
    states.push(connectors.length === 1 ? text : `#${number} ${text}`);
    const program = connectors[number]?.binaryPath ?? "";
    if (state.status === "ready" && program.startsWith(directory.path)) {
      Deno.writeTextFileSync(`${program}.ready`, "");
    }
  });
  return {
    supervisor,
    states,
    [Symbol.asyncDispose]: () => supervisor.stop(),
  };
}

/** What a connector is doing. */
export function stateOf(supervisor: Supervisor, name: string): SupervisedStateName {
  return supervisor.status(name).connectors[0]!.state.status;
}

/** Waits until a connector does something. */
export async function untilState(
  supervisor: Supervisor,
  name: string,
  status: SupervisedStateName,
): Promise<void> {
  await until(`${name} ${status}`, () => stateOf(supervisor, name) === status);
}

/** The process of a connector. */
export function pidOf(supervisor: Supervisor, name: string): number {
  const pid = supervisor.status(name).connectors[0]?.pid;
  if (typeof pid !== "number") throw new Error(`${name} has no process`);
  return pid;
}
