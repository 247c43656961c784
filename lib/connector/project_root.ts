/**
 * Where hftbacktest's source is.
 *
 * @module
 */

import { dirname, isAbsolute, join, resolve } from "@std/path";
import { parse } from "smol-toml";
import { InvalidInputError, MissingPermissionError } from "../model/errors.ts";
import { type ConnectorLookup, ConnectorNotFoundError } from "./errors.ts";
import { isGranted, readVariable } from "../permissions.ts";

/** The environment variable that names the project's root. */
export const PROJECT_ROOT_VARIABLE = "HFTBACKTEST_ROOT";

/** Options of {@linkcode findProjectRoot}. */
export interface ProjectRootOptions {
  /**
   * The root itself; nothing else is looked at then.
   *
   * @default looked for
   */
  readonly projectRoot?: string;
  /**
   * Directory to start from.
   *
   * @default the working directory
   */
  readonly cwd?: string;
}

/** A project that a connector can be built from. */
export interface ProjectRoot {
  /** Its directory, as an absolute path. */
  readonly path: string;
  /** What named it. */
  readonly origin: "projectRoot" | "working directory" | "HFTBACKTEST_ROOT";
}

/**
 * Finds hftbacktest's source: the directory given, else the nearest one from the working directory
 * upwards that holds `connector/Cargo.toml` or a `Cargo.toml` with a `[workspace]`, else the one
 * that `HFTBACKTEST_ROOT` names.
 *
 * @param options Where to look.
 * @returns The directory, and what named it.
 * @throws {ConnectorNotFoundError} If there is none; lists what was tried.
 * @throws {InvalidInputError} If an option is empty.
 * @throws {MissingPermissionError} If the directory that was named may not be read.
 */
export async function findProjectRoot(options: ProjectRootOptions = {}): Promise<ProjectRoot> {
  const { projectRoot, cwd } = options;
  for (const [field, value] of Object.entries({ projectRoot, cwd })) {
    if (value === "") throw new InvalidInputError(field, value, "the path of a directory");
  }
  const tried: ConnectorLookup[] = [];
  const isRoot = async (origin: ProjectRoot["origin"], path: string): Promise<boolean> => {
    const result = await lookAt(path);
    if (result !== undefined) tried.push({ origin, path, result });
    return result === undefined;
  };

  if (projectRoot !== undefined) {
    const path = isAbsolute(projectRoot) ? projectRoot : resolve(projectRoot);
    requireReadable(path);
    if (await isRoot("projectRoot", path)) return { path, origin: "projectRoot" };
    throw notFound(tried);
  }

  const start = cwd === undefined ? workingDirectory(tried) : resolve(cwd);
  for (let path = start; path !== undefined; path = parentOf(path)) {
    if (await isRoot("working directory", path)) return { path, origin: "working directory" };
  }

  const hidden = new Set<string>();
  const named = readVariable(PROJECT_ROOT_VARIABLE, hidden);
  if (named) {
    const path = resolve(named);
    requireReadable(path);
    if (await isRoot("HFTBACKTEST_ROOT", path)) return { path, origin: "HFTBACKTEST_ROOT" };
  } else {
    const result = hidden.size > 0
      ? `may not be read without --allow-env=${PROJECT_ROOT_VARIABLE}`
      : "not set";
    tried.push({ origin: "environment", path: PROJECT_ROOT_VARIABLE, result });
  }
  throw notFound(tried);
}

function notFound(tried: readonly ConnectorLookup[]): ConnectorNotFoundError {
  return new ConnectorNotFoundError(
    `Cannot find hftbacktest's source, name it with ${PROJECT_ROOT_VARIABLE}, or with ` +
      "projectRoot (--project-root)",
    tried,
  );
}

/** Why a directory is no root; undefined when it is one. */
async function lookAt(directory: string): Promise<string | undefined> {
  const manifest = join(directory, "Cargo.toml");
  const connector = join(directory, "connector", "Cargo.toml");
  if (!isGranted({ name: "read", path: directory })) {
    return `may not be read without --allow-read=${directory}`;
  }
  try {
    if (await isFile(connector)) return undefined;
    if (!await isFile(manifest)) return "neither connector/Cargo.toml nor Cargo.toml";
    const isWorkspace = Object.hasOwn(parse(await Deno.readTextFile(manifest)), "workspace");
    return isWorkspace ? undefined : "Cargo.toml without [workspace]";
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    return `cannot be used: ${reason}`;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return false;
    throw error;
  }
}

function workingDirectory(tried: ConnectorLookup[]): string | undefined {
  try {
    return Deno.cwd();
  } catch (error) {
    const result = error instanceof Deno.errors.NotCapable
      ? "may not be read without --allow-read"
      : "is gone";
    tried.push({ origin: "working directory", path: ".", result });
    return undefined;
  }
}

function parentOf(path: string): string | undefined {
  const parent = dirname(path);
  return parent === path ? undefined : parent;
}

function requireReadable(path: string): void {
  if (!isGranted({ name: "read", path })) {
    throw new MissingPermissionError(`Cannot look at ${path}`, [`--allow-read=${path}`]);
  }
}
