/**
 * The connector's program: found, or built.
 *
 * @module
 */

import { type ConnectorBinary, isExecutable, locateBinary } from "./binary.ts";
import { buildConnector } from "./build.ts";
import { ConnectorNotFoundError } from "./errors.ts";
import type { BuildProgress } from "./progress.ts";
import type { RunnerSettings } from "./runner_options.ts";
import { findStaleness, type StaleBinary } from "./staleness.ts";

/** Options of `ConnectorRunner.build`. */
export interface ConnectorBuildOptions {
  /**
   * Whether cargo is run for a program that is there and as new as its source.
   *
   * @default {false}
   */
  readonly force?: boolean | undefined;
  /** Ends the build: its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Is called for each crate that is finished. */
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
}

/** What a build came to. */
export interface ConnectorBuild {
  /** The program. */
  readonly path: string;
  /** Whether cargo was run for it. */
  readonly built: boolean;
}

/** The program of one connector. */
export class ConnectorProgram {
  readonly #settings: RunnerSettings;
  /** Where cargo put it, which cargo's own configuration may have changed. */
  #builtPath: string | undefined;

  /**
   * Makes a program that is yet to be found.
   *
   * @param settings Which program, or which project.
   */
  constructor(settings: RunnerSettings) {
    this.#settings = settings;
  }

  /** Where it is, or is to be built. */
  async locate(): Promise<ConnectorBinary> {
    const binary = await locateBinary(this.#settings);
    return { ...binary, path: this.#builtPath ?? binary.path };
  }

  /** Whether it is there; an error if what is there cannot be run. */
  async exists(): Promise<boolean> {
    return await isExecutable((await this.locate()).path);
  }

  /** What of its source is newer. */
  async findStaleness(): Promise<StaleBinary | undefined> {
    return await findStaleness(await this.locate());
  }

  /** Builds it, unless it is there and as new as its source. */
  async build(options: ConnectorBuildOptions): Promise<ConnectorBuild> {
    const isFresh = options.force !== true && await this.exists() &&
      await this.findStaleness() === undefined;
    return isFresh ? await this.#found() : await this.#build(options);
  }

  /** Builds it if it is not there. */
  async buildIfMissing(options: ConnectorBuildOptions): Promise<ConnectorBuild> {
    return await this.exists() ? await this.#found() : await this.#build(options);
  }

  /** The error for a program that is not there and may or can not be built. */
  notFound(path: string): ConnectorNotFoundError {
    const { binaryPath, projectRoot } = this.#settings;
    const origin = binaryPath === undefined ? "project" : "binaryPath";
    const hint = binaryPath !== undefined && projectRoot === undefined
      ? "name an existing one, or a projectRoot to build it from"
      : "build it, or set autoBuild";
    return new ConnectorNotFoundError(`Cannot find the connector's program, ${hint}`, [
      { origin, path, result: "no such file" },
    ]);
  }

  async #found(): Promise<ConnectorBuild> {
    return { path: (await this.locate()).path, built: false };
  }

  async #build(options: ConnectorBuildOptions): Promise<ConnectorBuild> {
    const { binaryPath, buildFeatures: features } = this.#settings;
    const { path, projectRoot } = await this.locate();
    if (projectRoot === undefined) throw this.notFound(path);
    const { signal, onProgress } = options;
    const built = await buildConnector({ projectRoot, features, signal, onProgress });
    if (binaryPath === undefined) {
      this.#builtPath = built;
      return { path: built, built: true };
    }
    if (await isExecutable(binaryPath)) return { path: binaryPath, built: true };
    throw new ConnectorNotFoundError("Cannot find the connector's program", [
      { origin: "binaryPath", path: binaryPath, result: `no such file; cargo made ${built}` },
    ]);
  }
}
