// deno-fmt-ignore-file
/**
 * The native libraries of this version. Made by tasks/release_manifest.ts when a version is
 * released; undefined in all others.
 *
 * @module
 */

import type { NativeRelease } from "./release.ts";

/** The libraries that were published with this version; undefined for a development version. */
export const RELEASE: NativeRelease | undefined = undefined;
