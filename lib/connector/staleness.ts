/**
 * Whether a program is older than its source.
 *
 * @module
 */

import { join } from "@std/path";
import { CONNECTOR, type ConnectorBinary } from "./binary.ts";
import { isGranted } from "../permissions.ts";

/** A program that is older than its source. */
export interface StaleBinary {
  /** The program. */
  readonly binary: string;
  /** When it was built. */
  readonly builtAt: Date;
  /** The file that was changed last. */
  readonly source: string;
  /** When that was; undefined when it is gone. */
  readonly changedAt: Date | undefined;
}

/**
 * Compares a program with the files it was built from, which cargo lists beside it.
 *
 * @param binary The program.
 * @returns What is newer than it; undefined when nothing is, or when there is no program or source.
 */
export async function findStaleness(binary: ConnectorBinary): Promise<StaleBinary | undefined> {
  const { path, projectRoot } = binary;
  const builtAt = await changeTime(path);
  if (projectRoot === undefined || !(builtAt instanceof Date)) return undefined;
  let newest: { source: string; changedAt: Date | undefined } | undefined;
  const compiled = await compiledSources(path);
  const manifests = [
    join(projectRoot, CONNECTOR, "Cargo.toml"),
    join(projectRoot, "Cargo.toml"),
    join(projectRoot, "Cargo.lock"),
  ];
  for (const source of [...compiled, ...manifests]) {
    const changedAt = await changeTime(source);
    if (changedAt === "gone") {
      if (compiled.includes(source)) return { binary: path, builtAt, source, changedAt: undefined };
    } else if (changedAt > builtAt && changedAt > (newest?.changedAt ?? builtAt)) {
      newest = { source, changedAt };
    }
  }
  return newest && { binary: path, builtAt, ...newest };
}

/** The notice for people. */
export function describeStaleness({ binary, source, changedAt }: StaleBinary): string {
  const what = changedAt === undefined ? "is gone" : "was changed";
  return `${binary} is older than its source: ${source} ${what} since it was built`;
}

/** The files that cargo names in `PROGRAM.d`, in the form of a makefile's rule. */
async function compiledSources(binary: string): Promise<string[]> {
  const list = `${binary}.d`;
  if (!isGranted({ name: "read", path: list })) return [];
  try {
    const text = await Deno.readTextFile(list);
    const [, sources = ""] = /^.*?[^\\]: (.*)$/m.exec(text) ?? [];
    return (sources.match(/(?:\\.|[^\s\\])+/g) ?? []).map((path) => path.replace(/\\(.)/g, "$1"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** When a file was changed; what may not be looked at counts as never changed. */
async function changeTime(path: string): Promise<Date | "gone"> {
  if (!isGranted({ name: "read", path })) return new Date(0);
  try {
    return (await Deno.stat(path)).mtime ?? new Date(0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "gone";
    throw error;
  }
}
