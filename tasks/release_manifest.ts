/**
 * Writes lib/native/release_manifest.ts for a release: where its native libraries will be, and
 * the SHA-256 of each.
 *
 *     deno run -A tasks/release_manifest.ts BASE_URL FOLDER
 *
 * FOLDER holds the library of every target, under the names that the release gives them.
 *
 * @module
 */

import { type NativeRelease, RELEASE_TARGETS, releaseFileName } from "../lib/native/release.ts";
import { sha256 } from "../lib/native/sources.ts";

const MODULE = new URL("../lib/native/release_manifest.ts", import.meta.url);

/**
 * The libraries in a folder, as a version that is released knows them.
 *
 * @param baseUrl URL under which they will be published.
 * @param folder Where they are now; the library of a target that is missing is an error.
 */
export async function releaseOf(baseUrl: string, folder: string): Promise<NativeRelease> {
  const { href } = new URL(baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
  const hashes = RELEASE_TARGETS.map(async (target): Promise<[string, string]> => {
    return [target, await sha256(await Deno.readFile(`${folder}/${releaseFileName(target)}`))];
  });
  return { baseUrl: href, sha256: Object.fromEntries(await Promise.all(hashes)) };
}

/** The text of the module for a release; for a development version without one. */
export function releaseModule(release: NativeRelease | undefined): string {
  return `// deno-fmt-ignore-file
/**
 * The native libraries of this version. Made by tasks/release_manifest.ts when a version is
 * released; undefined in all others.
 *
 * @module
 */

import type { NativeRelease } from "./release.ts";

/** The libraries that were published with this version; undefined for a development version. */
export const RELEASE: NativeRelease | undefined = ${
    release === undefined ? "undefined" : JSON.stringify(release, null, 2)
  };
`;
}

if (import.meta.main) {
  const [baseUrl, folder] = Deno.args;
  if (baseUrl === undefined || folder === undefined) {
    console.error("release_manifest: give BASE_URL FOLDER");
    Deno.exit(2);
  }
  await Deno.writeTextFile(MODULE, releaseModule(await releaseOf(baseUrl, folder)));
}
