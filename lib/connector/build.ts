/**
 * Building the connector.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { CONNECTOR } from "./binary.ts";
import { cargoBuild, CargoBuildError, CargoNotFoundError } from "./cargo.ts";
import { ConnectorBuildError } from "./errors.ts";
import type { BuildProgress } from "./progress.ts";

/** Options of {@linkcode buildConnector}. */
export interface BuildConnectorOptions {
  /** Directory of hftbacktest's source. */
  readonly projectRoot: string;
  /** Cargo features, beside the default ones. */
  readonly features: readonly string[];
  /** Ends the build. */
  readonly signal?: AbortSignal | undefined;
  /** Is called for each finished crate. */
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
}

/**
 * Builds the connector, or finds it built.
 *
 * @param options What to build.
 * @returns Path of the program.
 * @throws {ConnectorBuildError} If it cannot be built; it holds the first error.
 * @throws {MissingPermissionError} If cargo may not be run.
 * @throws The signal's reason, if it was aborted.
 */
export async function buildConnector(options: BuildConnectorOptions): Promise<string> {
  const { projectRoot, features, signal, onProgress } = options;
  const manifestPath = join(projectRoot, CONNECTOR, "Cargo.toml");
  try {
    const artifacts = await cargoBuild({
      manifestPath,
      features,
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    const program = artifacts.findLast(({ name, executable }) =>
      name === CONNECTOR && executable !== undefined
    );
    if (program?.executable !== undefined) return resolve(program.executable);
    throw new ConnectorBuildError(
      `Cannot build ${manifestPath}: cargo made no program named "${CONNECTOR}"`,
    );
  } catch (cause) {
    if (cause instanceof CargoNotFoundError) {
      throw new ConnectorBuildError(`Cannot build ${manifestPath}: ${cause.message}`, { cause });
    }
    if (!(cause instanceof CargoBuildError)) throw cause;
    const { message, exitCode, firstError, outputTail } = cause;
    throw new ConnectorBuildError(message, {
      cause,
      exitCode,
      firstError,
      outputTail: outputTail === "" ? [] : outputTail.split("\n"),
    });
  }
}
