/**
 * Where the connector's program is.
 *
 * @module
 */

import { isAbsolute, join } from "@std/path";
import { parse } from "smol-toml";
import { findProjectRoot } from "./project_root.ts";
import { readVariable, requirePath } from "../permissions.ts";
import { ConnectorNotExecutableError } from "./runner_errors.ts";
import type { RunnerSettings } from "./runner_options.ts";

/** Name of the connector's crate, its directory in the project, and its program. */
export const CONNECTOR = "connector";

/** Bits of a mode that let somebody run a file. */
const EXECUTE = 0o111;

/** Where the connector's program is, or is to be built. */
export interface ConnectorBinary {
  /** The program. */
  readonly path: string;
  /** Directory of the source it is built from; undefined for a program of its user's. */
  readonly projectRoot: string | undefined;
}

/**
 * Finds the place of the connector's program, whether or not it is there.
 *
 * @param settings Which program, or which project.
 * @returns The place.
 * @throws {ConnectorNotFoundError} If neither a program nor a project is named or found.
 * @throws {MissingPermissionError} If the project may not be read.
 */
export async function locateBinary(settings: RunnerSettings): Promise<ConnectorBinary> {
  const { binaryPath, projectRoot } = settings;
  if (binaryPath !== undefined && projectRoot === undefined) {
    return { path: binaryPath, projectRoot };
  }
  const root = await findProjectRoot(projectRoot === undefined ? {} : { projectRoot });
  return {
    path: binaryPath ?? join(await targetDirectory(root.path), "release", CONNECTOR),
    projectRoot: root.path,
  };
}

/**
 * Whether a program is there.
 *
 * @param path The program.
 * @returns False if there is nothing.
 * @throws {ConnectorNotExecutableError} If what is there cannot be run.
 * @throws {MissingPermissionError} If the path may not be read.
 */
export async function isExecutable(path: string): Promise<boolean> {
  requirePath(`Cannot look for the connector ${path}`, "read", path);
  try {
    const { isFile, mode } = await Deno.stat(path);
    if (!isFile) throw new ConnectorNotExecutableError(path, "it is not a file");
    if (mode !== null && (mode & EXECUTE) === 0) {
      const reason = `it is not executable, run: chmod +x ${path}`;
      throw new ConnectorNotExecutableError(path, reason);
    }
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

/** Where cargo puts what it builds; `target-dir` in its configuration files is not looked at. */
async function targetDirectory(root: string): Promise<string> {
  const named = readVariable("CARGO_TARGET_DIR");
  // Cargo runs in the crate's directory.
  if (named) return isAbsolute(named) ? named : join(root, CONNECTOR, named);
  return join(root, ...await isWorkspace(root) ? [] : [CONNECTOR], "target");
}

async function isWorkspace(root: string): Promise<boolean> {
  try {
    return Object.hasOwn(parse(await Deno.readTextFile(join(root, "Cargo.toml"))), "workspace");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
