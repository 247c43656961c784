/**
 * Getting the native library's sources for a package that was imported over the
 * network.
 *
 * @module
 */

import { HftliveError, MissingPermissionError } from "../model/errors.ts";
import { SOURCE_MANIFEST } from "./source_manifest.ts";

const CONCURRENT_FETCHES = 6;

/** SHA-256 of each source file in hexadecimal, by its path from the package's root. */
export type SourceManifest = Readonly<Record<string, string>>;

/** Options of {@linkcode fetchNativeSources}. */
export interface FetchSourcesOptions {
  /**
   * URL of the package's root, with a slash at its end.
   *
   * @default the root of the package that this module belongs to
   */
  readonly baseUrl?: string | URL;
  /**
   * The files, and what they must be.
   *
   * @default the manifest that is part of this package
   */
  readonly manifest?: SourceManifest;
  /** Ends the work. */
  readonly signal?: AbortSignal;
  /** Is called for each verified file with the number of files done and in all. */
  readonly onProgress?: (progress: { done: number; total: number; name: string }) => void;
}

/** A source file could not be fetched, or is not the one that this package was published with. */
export class NativeSourceError extends HftliveError {
  /** Name of the class. */
  override name = "NativeSourceError";
  /** Path of the file from the package's root. */
  readonly file: string;
  /** Where it was fetched from. */
  readonly url: string;

  /**
   * Makes the error.
   *
   * @param file Path of the file from the package's root.
   * @param url Where it was fetched from.
   * @param reason What is wrong with it.
   * @param options The standard error options, such as `cause`.
   */
  constructor(file: string, url: string, reason: string, options?: ErrorOptions) {
    super(`Cannot use source file ${file} from ${url}: ${reason}`, options);
    this.file = file;
    this.url = url;
  }
}

/** URL of the root of the package that this module belongs to. */
export function packageRoot(): URL {
  return new URL("../../", import.meta.url);
}

/**
 * Fetches the sources and verifies each file. Only a complete and verified set
 * appears under the directory's name; anything else leaves nothing behind.
 *
 * @param directory Where the sources are to be; what was there is replaced.
 * @param options Where they come from.
 * @throws {NativeSourceError} If a file cannot be fetched or has another hash; names the file.
 * @throws {MissingPermissionError} If the network or the directory may not be used.
 * @throws The signal's reason, if it was aborted.
 */
export async function fetchNativeSources(
  directory: string,
  options: FetchSourcesOptions = {},
): Promise<void> {
  const { baseUrl = packageRoot(), manifest = SOURCE_MANIFEST, onProgress } = options;
  const base = new URL(baseUrl);
  await checkPermissions(base, directory);
  const aside = `${directory}.${crypto.randomUUID()}`;
  // One failure ends the fetches that still run.
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  const queue = Object.entries(manifest);
  const total = queue.length;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [file, hash] = next;
      const bytes = await fetchVerified(base, file, hash, signal);
      await writeFile(`${aside}/${file}`, bytes);
      onProgress?.({ done: ++done, total, name: file });
    }
  };
  try {
    options.signal?.throwIfAborted();
    await Deno.mkdir(aside, { recursive: true });
    const workers = Array.from({ length: CONCURRENT_FETCHES }, async () => {
      try {
        await work();
      } catch (error) {
        failed.abort(error);
      }
    });
    await Promise.all(workers);
    signal.throwIfAborted();
    await removeIfPresent(directory);
    await Deno.rename(aside, directory);
  } finally {
    await removeIfPresent(aside);
  }
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: BufferSource): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Removes a file or directory, if there is one. */
export async function removeIfPresent(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function fetchVerified(
  base: URL,
  file: string,
  hash: string,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const { href } = new URL(file, base);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const response = await fetch(href, { signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new NativeSourceError(file, href, `the server answered ${response.status}`);
    }
    bytes = await response.bytes();
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof HftliveError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NativeSourceError(file, href, reason, { cause });
  }
  const actual = await sha256(bytes);
  if (actual !== hash) {
    throw new NativeSourceError(file, href, `its SHA-256 is ${actual}, expected ${hash}`);
  }
  return bytes;
}

async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeFile(path, bytes);
}

async function checkPermissions(base: URL, directory: string): Promise<void> {
  const needs: [Deno.PermissionDescriptor, string][] = [
    [{ name: "net", host: base.host }, `--allow-net=${base.host}`],
    [{ name: "read", path: directory }, "--allow-read"],
    [{ name: "write", path: directory }, "--allow-write"],
  ];
  const flags: string[] = [];
  for (const [descriptor, flag] of needs) {
    const { state } = await Deno.permissions.query(descriptor);
    if (state !== "granted") flags.push(flag);
  }
  if (flags.length > 0) throw new MissingPermissionError("Cannot fetch native sources", flags);
}
