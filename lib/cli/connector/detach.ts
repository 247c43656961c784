/**
 * `connector up --detach`.
 *
 * @module
 */

import { dirname } from "@std/path";
import type { SupervisorSettings } from "../../connector/supervisor/settings.ts";
import { startBackgroundUnit, SystemdRunError } from "../../connector/supervisor/systemd_run.ts";
import { CommandError, ExitCode } from "../exit.ts";
import { type Output, writeJson } from "../output.ts";
import { isGranted } from "../../permissions.ts";
import { commandLine } from "../program.ts";
import { selfCommand } from "../self.ts";
import { stopTimeoutMs } from "./timeouts.ts";

const UNIT = "hftlive-connectors";

/** Variables that the background needs as well; none of them holds a secret. */
const PASSED_ON = [
  "DENO_DIR",
  "HFTBACKTEST_CHANNEL_CONFIG",
  "HFTBACKTEST_ROOT",
  "HFTLIVE_LIB",
  "PATH",
  "RUST_LOG",
  "TMPDIR",
  "XDG_CACHE_HOME",
];

/** The flags that go on to the background. */
interface DetachFlags {
  readonly socket: string | undefined;
  readonly library: string | undefined;
  readonly logs: boolean;
  readonly dashboard: number | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
}

/**
 * Starts a supervisor in the background.
 *
 * @param settings What it is to do.
 * @param context Its flags, and where to tell about it.
 * @returns The exit code.
 * @throws {CommandError} If systemd cannot do it; says what else can.
 */
export async function detach(
  settings: SupervisorSettings,
  context: { flags: DetachFlags; stdout: Output; signal: AbortSignal },
): Promise<ExitCode> {
  const { flags: { socket, library, logs, dashboard, quiet, json }, stdout, signal } = context;
  const isUser = Deno.uid() !== 0;
  const command = selfCommand([
    "connector",
    "up",
    `--file=${settings.path}`,
    ...socket === undefined ? [] : [`--socket=${socket}`],
    ...library === undefined ? [] : [`--library=${library}`],
    ...logs ? ["--logs"] : [],
    ...dashboard === undefined ? [] : [`--dashboard=${dashboard}`],
  ]);
  try {
    await startBackgroundUnit({
      unit: UNIT,
      command,
      workingDirectory: dirname(settings.path),
      environment: environment(),
      isUser,
      stopTimeoutMs: stopTimeoutMs(settings),
    }, signal);
  } catch (cause) {
    if (!(cause instanceof SystemdRunError)) throw cause;
    const advice = commandLine("connector systemd", "connector");
    throw new CommandError(
      `${cause.message}; without systemd, run connector up under what supervises processes here ` +
        `(a container, a terminal multiplexer); with it, install a unit: ${advice}`,
      { cause },
    );
  }
  const output = `journalctl ${isUser ? "--user " : ""}--unit=${UNIT} --follow`;
  const end = commandLine("connector stop", "connector");
  if (json) {
    writeJson(stdout, { unit: UNIT, output, end });
  } else if (!quiet) {
    stdout.line(`${UNIT} runs in the background`);
    stdout.line(`output: ${output}`);
    stdout.line(`end it: ${end}`);
  }
  return ExitCode.Done;
}

function environment(): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of PASSED_ON) {
    if (!isGranted({ name: "env", variable: name })) continue;
    const value = Deno.env.get(name);
    if (value !== undefined) values[name] = value;
  }
  return values;
}
