/**
 * Taking the native library from a release, or from a mirror of it.
 *
 * @module
 */

import { HftliveError, InvalidInputError, MissingPermissionError } from "../model/errors.ts";
import { isGranted } from "../permissions.ts";
import { download } from "./install_download.ts";
import { NativeInstallError } from "./install_error.ts";
import { cacheDirectory, cachedLibraryPath } from "./library_path.ts";
import { type NativeRelease, releaseFileName } from "./release.ts";
import { RELEASE } from "./release_manifest.ts";
import { removeIfPresent, sha256 } from "./sources.ts";
import { processSurroundings } from "./surroundings.ts";

/** Options of {@linkcode installNativeLibrary}. */
export interface InstallOptions {
  /**
   * Directory, or http(s) URL of a folder, that holds the files of the release.
   *
   * @default where the release was published
   */
  readonly from?: string | undefined;
  /**
   * The files, and what they must be.
   *
   * @default the list that is part of this package
   */
  readonly release?: NativeRelease | undefined;
  /**
   * Directory to install to, in a folder for the target.
   *
   * @default the user's cache
   */
  readonly cacheDir?: string | undefined;
  /** Take the file again even if the right one is there. @default {false} */
  readonly force?: boolean | undefined;
  /** Ends the work. */
  readonly signal?: AbortSignal | undefined;
  /** Is called with the bytes that have come, and with their number if it is known. */
  readonly onProgress?: ((progress: { bytes: number; total?: number }) => void) | undefined;
}

/** What {@linkcode installNativeLibrary} did. */
export interface InstalledLibrary {
  /** The file. */
  readonly path: string;
  /** Where it was taken from; undefined when the right file was there already. */
  readonly source: string | undefined;
  /** Its SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** Where the files of a release are. */
export type ReleaseSource =
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "url"; readonly url: URL };

/**
 * Installs the native library for this machine and this version: the file of the release, if its
 * SHA-256 is the one that this package was published with. It is written aside and renamed, so that
 * a program that runs keeps the file it has loaded, and a failure leaves what was there.
 *
 * @param options Where it comes from and goes to.
 * @returns The file, and where it came from.
 * @throws {NativeInstallError} If it is not to be had, is another file, or cannot be written.
 * @throws {InvalidInputError} If `from` is neither a directory nor an http(s) URL.
 * @throws {MissingPermissionError} If the network or the cache may not be used.
 * @throws The signal's reason, if it was aborted.
 */
export async function installNativeLibrary(
  options: InstallOptions = {},
): Promise<InstalledLibrary> {
  const surroundings = processSurroundings();
  const { target, version } = surroundings;
  const { from, release = RELEASE, signal, onProgress } = options;
  const source = releaseSource(from, release);
  if (release === undefined || source === undefined) {
    throw new NativeInstallError(
      "unavailable",
      `Cannot install the native library: ${version} is a development version, ` +
        "without a list of what was released with it",
    );
  }
  const expected = release.sha256[target];
  if (expected === undefined) {
    const known = Object.keys(release.sha256).join(", ");
    throw new NativeInstallError(
      "unavailable",
      `Cannot install the native library: ${version} was not released for ${target}, ` +
        `only for ${known}`,
    );
  }
  const cacheDir = options.cacheDir ?? cacheDirectory(surroundings);
  if (!cacheDir) {
    throw new NativeInstallError(
      "unwritable",
      "Cannot install the native library: HOME is not set, or may not be read",
    );
  }
  checkPermissions(source, cacheDir);
  const path = cachedLibraryPath(cacheDir, surroundings);
  if (!options.force && await hashOf(path) === expected) {
    return { path, source: undefined, sha256: expected };
  }
  const file = releaseFileName(target);
  const place = source.kind === "url" ? shown(new URL(file, source.url)) : `${source.path}/${file}`;
  const bytes = source.kind === "url"
    ? await download(new URL(file, source.url), { place, signal, onProgress })
    : await readMirror(place);
  const actual = await sha256(bytes);
  if (actual !== expected) {
    throw new NativeInstallError(
      "mismatch",
      `Cannot install ${place}: its SHA-256 is ${actual} (${bytes.length} bytes), ` +
        `expected ${expected}`,
    );
  }
  signal?.throwIfAborted();
  await replaceFile(path, bytes);
  return { path, source: place, sha256: expected };
}

/**
 * Where the files of a release are to be taken from.
 *
 * @param from The directory or URL that the user named, if any.
 * @param release The release of this version, if there is one.
 * @returns The place; undefined when none was named and there is no release.
 * @throws {InvalidInputError} If `from` is neither a directory nor an http(s) URL.
 */
export function releaseSource(
  from: string | undefined,
  release: NativeRelease | undefined = RELEASE,
): ReleaseSource | undefined {
  const place = from ?? release?.baseUrl;
  if (place === undefined) return undefined;
  if (!/^[a-z][a-z0-9+.-]+:/i.test(place)) {
    return { kind: "directory", path: place.replace(/(?<=.)\/+$/, "") };
  }
  const url = URL.parse(place.endsWith("/") ? place : `${place}/`);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidInputError("--from", place, "a directory, or a URL with http or https");
  }
  return { kind: "url", url };
}

/** A URL without the credentials that a mirror may want. */
function shown(url: URL): string {
  const copy = new URL(url);
  copy.username = "";
  copy.password = "";
  return copy.href;
}

async function readMirror(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    throw failure("unavailable", `Cannot install ${path}`, cause);
  }
}

/** SHA-256 of a file; undefined when there is none that can be read. */
async function hashOf(path: string): Promise<string | undefined> {
  try {
    return await sha256(await Deno.readFile(path));
  } catch {
    return undefined;
  }
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const aside = `${path}.${crypto.randomUUID()}`;
  try {
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    try {
      await Deno.writeFile(aside, bytes, { createNew: true });
      await Deno.rename(aside, path);
    } finally {
      await removeIfPresent(aside);
    }
  } catch (cause) {
    throw failure("unwritable", `Cannot write the native library ${path}`, cause);
  }
}

function failure(
  reason: NativeInstallError["reason"],
  action: string,
  cause: unknown,
): HftliveError {
  if (cause instanceof HftliveError) return cause;
  const why = cause instanceof Deno.errors.NotFound
    ? "no such file"
    : cause instanceof Error
    ? cause.message
    : String(cause);
  return new NativeInstallError(reason, `${action}: ${why}`, { cause });
}

function checkPermissions(source: ReleaseSource, cacheDir: string): void {
  const needs: [Deno.PermissionDescriptor, string][] = [
    [{ name: "read", path: cacheDir }, "--allow-read"],
    [{ name: "write", path: cacheDir }, "--allow-write"],
    source.kind === "url"
      ? [{ name: "net", host: source.url.host }, `--allow-net=${source.url.host}`]
      : [{ name: "read", path: source.path }, "--allow-read"],
  ];
  const missing = needs.filter(([descriptor]) => !isGranted(descriptor)).map(([, flag]) => flag);
  if (missing.length > 0) {
    throw new MissingPermissionError("Cannot install the native library", [...new Set(missing)]);
  }
}
