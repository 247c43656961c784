/**
 * What a release publishes of the native library, and under which names.
 *
 * @module
 */

/** The machines that a release has the library for, as in `Deno.build.target`. */
export const RELEASE_TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
] as const;

/** The libraries that were published with a version of this package. */
export interface NativeRelease {
  /** URL of the folder with the files, with a slash at its end. */
  readonly baseUrl: string;
  /** SHA-256 of each file in hexadecimal, by its target. */
  readonly sha256: Readonly<Record<string, string>>;
}

/**
 * Name of the library among the files of a release.
 *
 * @param target Target triple, as in `Deno.build.target`.
 * @returns The name, such as "libhftlive-x86_64-unknown-linux-gnu.so".
 */
export function releaseFileName(target: string): string {
  return `libhftlive-${target}.${target.includes("darwin") ? "dylib" : "so"}`;
}
