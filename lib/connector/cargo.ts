/**
 * Running cargo.
 *
 * @module
 */

import { basename, dirname } from "@std/path";
import { HftliveError, MissingPermissionError } from "../model/errors.ts";
import { readLines } from "./lines.ts";
import {
  BuildOutput,
  type BuildProgress,
  type CargoArtifact,
  parseArtifact,
  parseBlocking,
  parseProgressBar,
  type ProgressBar,
} from "./progress.ts";

/** Options of {@linkcode cargoBuild}. */
export interface CargoBuildOptions {
  /** Path of the Cargo.toml. */
  readonly manifestPath: string;
  /**
   * The package of a workspace to build.
   *
   * @default all of its default members
   */
  readonly packageName?: string;
  /** Features to turn on. */
  readonly features?: readonly string[];
  /**
   * Whether the package's default features are on.
   *
   * @default true
   */
  readonly defaultFeatures?: boolean;
  /**
   * Whether to optimise.
   *
   * @default true
   */
  readonly release?: boolean;
  /**
   * Directory for what is built.
   *
   * @default cargo's own choice
   */
  readonly targetDir?: string;
  /** Ends the build; cargo is killed and its end awaited. */
  readonly signal?: AbortSignal;
  /** Is called for each finished crate, and when another cargo is in the way. */
  readonly onProgress?: (progress: BuildProgress) => void;
  /**
   * Path or name of cargo.
   *
   * @default "cargo"
   */
  readonly cargo?: string;
}

/** There is no cargo to run. */
export class CargoNotFoundError extends HftliveError {
  /** Name of the class. */
  override name = "CargoNotFoundError";
  /** What was to be run. */
  readonly cargo: string;

  /**
   * Makes the error.
   *
   * @param cargo What was to be run.
   * @param options The system's error as `cause`.
   */
  constructor(cargo: string, options?: ErrorOptions) {
    super(`Cannot run ${cargo}: it is not installed, get Rust from https://rustup.rs`, options);
    this.cargo = cargo;
  }
}

/** Cargo ended without having built what was asked for. */
export class CargoBuildError extends HftliveError {
  /** Name of the class. */
  override name = "CargoBuildError";
  /** Path of the Cargo.toml. */
  readonly manifestPath: string;
  /** Cargo's exit code; undefined when it was not started. */
  readonly exitCode: number | undefined;
  /** The compiler's, or cargo's, first error in full; empty when it gave none. */
  readonly firstError: string;
  /** The last lines that cargo printed. */
  readonly outputTail: string;

  /**
   * Makes the error.
   *
   * @param manifestPath Path of the Cargo.toml.
   * @param exitCode Cargo's exit code; undefined when it was not started.
   * @param output What cargo printed.
   */
  constructor(
    manifestPath: string,
    exitCode: number | undefined,
    output: { firstError: string; tail: string },
  ) {
    const { firstError, tail } = output;
    const [summary = "", place = ""] = firstError.split("\n");
    const where = /^\s*-->/.test(place) ? ` ${place.trim()}` : "";
    const ended = exitCode === undefined ? "" : `cargo ended with code ${exitCode}: `;
    super(`Cannot build ${manifestPath}: ${ended}${summary}${where}`);
    this.manifestPath = manifestPath;
    this.exitCode = exitCode;
    this.firstError = firstError;
    this.outputTail = tail;
  }
}

/**
 * Builds a crate.
 *
 * @param options What to build, and how.
 * @returns What cargo has built or found built.
 * @throws {CargoNotFoundError} If there is no cargo.
 * @throws {CargoBuildError} If the build fails; it holds the first error and the end of the output.
 * @throws {MissingPermissionError} If cargo may not be run.
 * @throws The signal's reason, if it was aborted.
 */
export async function cargoBuild(options: CargoBuildOptions): Promise<CargoArtifact[]> {
  const { manifestPath, signal, onProgress, cargo = "cargo" } = options;
  signal?.throwIfAborted();
  await checkMayRun(cargo);
  const ownGroup = signal !== undefined && await mayKillGroup();
  const child = spawn(cargo, manifestPath, buildArguments(options), ownGroup);
  let ended = false;
  const kill = (): void => {
    if (!ended) terminate(child, ownGroup);
  };
  const status = child.status.finally(() => ended = true);
  signal?.addEventListener("abort", kill);
  // It may have been aborted while a permission was looked up.
  if (signal?.aborted) kill();

  const artifacts: CargoArtifact[] = [];
  const output = new BuildOutput();
  let bar: ProgressBar | undefined;
  const readArtifacts = async (): Promise<void> => {
    for await (const line of readLines(child.stdout)) {
      const artifact = parseArtifact(line);
      if (artifact === undefined) continue;
      artifacts.push(artifact);
      // The bar counts steps that make no artifact as well, and may lag behind.
      const done = Math.max(artifacts.length, bar?.done ?? 0);
      const total = bar && Math.max(bar.total, done);
      onProgress?.({ done, total, name: artifact.name, waiting: false });
    }
  };
  const readOutput = async (): Promise<void> => {
    for await (const line of readLines(child.stderr)) {
      const seen = parseProgressBar(line);
      const blocking = parseBlocking(line);
      if (seen === undefined) output.add(line);
      else bar = seen;
      if (blocking !== undefined) {
        onProgress?.({ done: 0, total: undefined, name: blocking, waiting: true });
      }
    }
  };
  try {
    await Promise.all([readArtifacts(), readOutput()]);
    const { success, code } = await status;
    signal?.throwIfAborted();
    if (!success) throw new CargoBuildError(manifestPath, code, output);
    return artifacts;
  } finally {
    signal?.removeEventListener("abort", kill);
    // A reader that failed no longer empties the pipe, so cargo would wait for ever.
    kill();
    await status;
  }
}

function buildArguments(options: CargoBuildOptions): string[] {
  const { packageName, features, defaultFeatures = true, release = true, targetDir } = options;
  const args = ["build", "--message-format", "json-render-diagnostics"];
  if (release) args.push("--release");
  if (packageName !== undefined) args.push("--package", packageName);
  if (targetDir !== undefined) args.push("--target-dir", targetDir);
  if (!defaultFeatures) args.push("--no-default-features");
  if (features?.length) args.push("--features", features.join(","));
  return args;
}

/** Refuses without a permission, where Deno itself would ask the user in the middle of a build. */
async function checkMayRun(cargo: string): Promise<void> {
  const { state } = await Deno.permissions.query({ name: "run", command: cargo });
  if (state !== "granted") {
    throw new MissingPermissionError(`Cannot run ${cargo}`, [`--allow-run=${cargo}`]);
  }
}

/**
 * Whether an abort can end the compilers that cargo has started with it. Without the
 * permission to signal any process they end by themselves, with the crate at hand.
 */
async function mayKillGroup(): Promise<boolean> {
  return (await Deno.permissions.query({ name: "run" })).state === "granted";
}

/** Ends cargo, and its group if it has one. */
function terminate(child: Deno.ChildProcess, ownGroup: boolean): void {
  try {
    if (ownGroup) Deno.kill(-child.pid, "SIGTERM");
    else child.kill("SIGTERM");
  } catch (error) {
    // It has ended by itself, which its status is about to tell.
    if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
  }
}

function spawn(
  cargo: string,
  manifestPath: string,
  args: string[],
  ownGroup: boolean,
): Deno.ChildProcess {
  try {
    return new Deno.Command(cargo, {
      args: [...args, "--manifest-path", basename(manifestPath)],
      // A group of its own can be ended as a whole, but gets no Ctrl+C from the terminal.
      detached: ownGroup,
      // Cargo and rustup look for their settings from here upwards.
      cwd: dirname(manifestPath),
      // The bar is the only way in which cargo tells how much there is to do.
      env: {
        CARGO_TERM_COLOR: "never",
        CARGO_TERM_PROGRESS_WHEN: "always",
        CARGO_TERM_PROGRESS_WIDTH: "80",
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    if (/\bcwd\b/.test(cause.message)) {
      throw new CargoBuildError(manifestPath, undefined, {
        firstError: `error: no directory ${dirname(manifestPath)}`,
        tail: "",
      });
    }
    throw new CargoNotFoundError(cargo, { cause });
  }
}
