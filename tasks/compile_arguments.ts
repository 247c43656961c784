/**
 * What `deno compile` is called with.
 *
 * @module
 */

import { libraryFileName } from "../lib/native/library_path.ts";

/** What to compile. */
export interface CompileOptions {
  /** The machine to compile for, as in `Deno.build.target`. */
  readonly target: string;
  /** The program to write. */
  readonly output: string;
  /** Whether the native library of that machine is there. */
  readonly hasLibrary: boolean;
}

/** Modules that are started as workers, which `deno compile` does not find by itself. */
export const WORKERS: readonly string[] = ["lib/cli/paper/exchange_worker.ts"];

/** Where cargo leaves the native library of a machine, from the root of the checkout. */
export function libraryOf(target: string): string {
  const folder = target === Deno.build.target ? "release" : `${target}/release`;
  const os = target.includes("darwin") ? "darwin" : "linux";
  return `native/target/${folder}/${libraryFileName(os)}`;
}

/** The arguments of deno. */
export function compileArguments({ target, output, hasLibrary }: CompileOptions): string[] {
  return [
    "compile",
    "--allow-all",
    // A task of its own checks the types.
    "--no-check",
    `--target=${target}`,
    ...[...WORKERS, ...hasLibrary ? [libraryOf(target)] : []].map((path) => `--include=${path}`),
    `--output=${output}`,
    "cli.ts",
  ];
}
