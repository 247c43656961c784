/**
 * Writes lib/native/source_manifest.ts: the SHA-256 of each file from which
 * `native build` builds the library. Run it after each change of those files.
 *
 * With `--check` it writes nothing and fails when the module is not up to date.
 *
 * @module
 */

import { sha256, type SourceManifest } from "../lib/native/sources.ts";

const ROOT = new URL("../", import.meta.url);
const MODULE = new URL("lib/native/source_manifest.ts", ROOT);
const FILES = ["native/Cargo.lock", "native/Cargo.toml"];
const FOLDERS = ["native/crates/hftlive"];

/** The hashes of the source files as they are now. */
export async function currentManifest(): Promise<SourceManifest> {
  const files = [...FILES];
  for (const folder of FOLDERS) files.push(...await listFiles(folder));
  const entries = files.sort().map(async (file): Promise<[string, string]> => {
    return [file, await sha256(await Deno.readFile(new URL(file, ROOT)))];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The text of the module for some hashes. */
export function manifestModule(manifest: SourceManifest): string {
  const lines = Object.entries(manifest).map(([file, hash]) => `  "${file}": "${hash}",\n`);
  return `// deno-fmt-ignore-file
/**
 * What the native library's sources must be. Made by tasks/native_manifest.ts.
 *
 * @module
 */

import type { SourceManifest } from "./sources.ts";

/** SHA-256 of each source file, by its path from the package's root. */
export const SOURCE_MANIFEST: SourceManifest = {
${lines.join("")}};
`;
}

async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(new URL(`${folder}/`, ROOT))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) files.push(...await listFiles(path));
    else files.push(path);
  }
  return files;
}

if (import.meta.main) {
  const text = manifestModule(await currentManifest());
  if (!Deno.args.includes("--check")) {
    await Deno.writeTextFile(MODULE, text);
  } else if (await Deno.readTextFile(MODULE) !== text) {
    console.error(
      "lib/native/source_manifest.ts is out of date: run deno run -A tasks/native_manifest.ts",
    );
    Deno.exit(1);
  }
}
