/**
 * Running a supervisor in the background: as a unit of systemd, which starts, watches and ends it
 * better than any daemon of our own could.
 *
 * @module
 */

import { MissingPermissionError } from "../../model/errors.ts";
import { ConnectorRunnerError } from "../errors.ts";
import { isGranted } from "../../permissions.ts";

const PROGRAM = "systemd-run";

/** What is to run in the background. */
export interface BackgroundUnit {
  /** Name of the unit, without its ending. */
  readonly unit: string;
  /** The program, as an absolute path, and its arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Directory that relative paths start from. */
  readonly workingDirectory: string;
  /** Environment variables; no secrets, since every user can see them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it belongs to the user's own service manager, rather than the system's. */
  readonly isUser: boolean;
  /** How long it has to stop before all is killed, ms. */
  readonly stopTimeoutMs: number;
}

/** systemd-run is not there, or has refused. */
export class SystemdRunError extends ConnectorRunnerError {
  /** Name of the class. */
  override name = "SystemdRunError";
}

/**
 * The arguments of systemd-run for a unit that tells systemd when it is ready.
 *
 * @param unit What is to run.
 * @returns The arguments.
 */
export function systemdRunArguments(unit: BackgroundUnit): string[] {
  const { command, workingDirectory, environment, isUser, stopTimeoutMs } = unit;
  return [
    ...isUser ? ["--user"] : [],
    `--unit=${unit.unit}`,
    "--collect",
    "--quiet",
    `--working-directory=${workingDirectory}`,
    "--property=Type=notify",
    "--property=Restart=on-failure",
    "--property=RestartSec=5s",
    "--property=KillMode=mixed",
    `--property=TimeoutStopSec=${stopTimeoutMs}ms`,
    // Asked to end it answers with 130, as after Ctrl+C.
    "--property=SuccessExitStatus=130",
    "--property=LimitCORE=0",
    "--property=UMask=0077",
    ...Object.entries(environment).map(([name, value]) => `--setenv=${name}=${value}`),
    "--",
    ...command,
  ];
}

/**
 * Starts a unit, and waits until it is ready.
 *
 * @param unit What is to run.
 * @param signal Ends the wait, not the unit.
 * @throws {SystemdRunError} If systemd-run is not there, or refuses; with its own words.
 * @throws {MissingPermissionError} If it may not be run.
 * @throws The signal's reason, if it was aborted.
 */
export async function startBackgroundUnit(
  unit: BackgroundUnit,
  signal: AbortSignal,
): Promise<void> {
  if (!isGranted({ name: "run", command: PROGRAM })) {
    throw new MissingPermissionError(`Cannot run ${PROGRAM}`, [`--allow-run=${PROGRAM}`]);
  }
  const action = `Cannot start ${unit.unit} in the background`;
  try {
    const { success, code, stderr } = await new Deno.Command(PROGRAM, {
      args: systemdRunArguments(unit),
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      signal,
    }).output();
    signal.throwIfAborted();
    if (success) return;
    const words = new TextDecoder().decode(stderr).trim().replace(/\s*\n\s*/g, "; ");
    throw new SystemdRunError(`${action}: ${words || `${PROGRAM} ended with code ${code}`}`);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new SystemdRunError(`${action}: there is no ${PROGRAM} on this system`, { cause });
  }
}
