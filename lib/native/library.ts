/**
 * Finding, loading and sharing the native library.
 *
 * @module
 */

import { ABI_VERSION } from "../bot/record.ts";
import { BotError, InvalidInputError, MissingPermissionError } from "../model/errors.ts";
import {
  type LibraryLookup,
  NativeLibraryLoadError,
  NativeLibraryNotFoundError,
  NativeLibraryVersionError,
} from "./errors.ts";
import { libraryCandidates, libraryFileName } from "./library_path.ts";
import { isGranted } from "../permissions.ts";
import { processSurroundings } from "./surroundings.ts";
import { NATIVE_SYMBOLS, type NativeFunctions, type NativeSymbols } from "./symbols.ts";
import { readText } from "./text.ts";

/** Options of {@linkcode findNativeLibrary}. */
export interface FindLibraryOptions {
  /**
   * Path of the library.
   *
   * @default the variable HFTLIVE_LIB, else the package's own places
   */
  readonly libraryPath?: string | undefined;
}

/** Options of {@linkcode NativeLibrary.open}. */
export interface OpenLibraryOptions extends FindLibraryOptions {
  /**
   * ABI version that the library must have.
   *
   * @default the version this package is written for
   */
  readonly expectedVersion?: number;
}

/** What the library tells about itself; the shape of `hftlive_abi`. */
export interface NativeLibraryInfo {
  /** Version of the ABI. */
  readonly abiVersion: number;
  /** Version of the library. */
  readonly version: string;
  /** Version of the hftbacktest crate in it. */
  readonly hftbacktest: string;
  /** Version of the iceoryx2 crate in it. */
  readonly iceoryx2: string;
  /** Bytes of a record. */
  readonly recordSize: number;
  /** Offsets in a batch's header. */
  readonly header: Readonly<Record<string, number>>;
  /** Offsets in a record. */
  readonly record: Readonly<Record<string, number>>;
  /** Kinds of record. */
  readonly kinds: Readonly<Record<string, number>>;
}

interface LoadedLibrary {
  readonly path: string;
  readonly library: Deno.DynamicLibrary<NativeSymbols>;
  readonly version: number;
  users: number;
}

const loaded = new Map<string, LoadedLibrary>();

/**
 * Finds the library's file without loading it.
 *
 * @param options Which path to use, if not the usual places.
 * @returns The path of a file that exists.
 * @throws {NativeLibraryNotFoundError} If it is in none of the places; lists them.
 * @throws {MissingPermissionError} If `--allow-read` is missing.
 */
export function findNativeLibrary(options: FindLibraryOptions = {}): string {
  return search(options.libraryPath, (path, state) => {
    if (state === "exists") return path;
    throw new MissingPermissionError(`Cannot look for the native library ${path}`, [
      "--allow-read",
    ]);
  });
}

/**
 * The native library, loaded.
 *
 * A file is loaded once, however many users it has, and unloaded after the last
 * of them has closed it.
 */
export class NativeLibrary implements Disposable {
  readonly #loaded: LoadedLibrary;
  #closed = false;

  private constructor(library: LoadedLibrary) {
    this.#loaded = library;
    library.users++;
  }

  /**
   * Finds and loads the library.
   *
   * @param options Which path to use, if not the usual places.
   * @returns The library, to be closed when it is no longer used.
   * @throws {NativeLibraryNotFoundError} If it is in none of the places.
   * @throws {NativeLibraryLoadError} If the system cannot load the file.
   * @throws {NativeLibraryVersionError} If its ABI is of another version.
   * @throws {MissingPermissionError} If `--allow-ffi` is missing.
   */
  static open(options: OpenLibraryOptions = {}): NativeLibrary {
    const expected = options.expectedVersion ?? ABI_VERSION;
    const library = search(options.libraryPath, (path, state) => {
      try {
        return loaded.get(path) ?? load(path, expected);
      } catch (error) {
        if (state === "hidden" && isMissingFile(error)) return undefined;
        throw error;
      }
    });
    checkVersion(library.path, expected, library.version);
    return new NativeLibrary(library);
  }

  /** The file. */
  get path(): string {
    return this.#loaded.path;
  }

  /**
   * The library's functions, which must not be called after {@linkcode close}: the
   * code behind them may be gone.
   *
   * @throws {BotError} "closed".
   */
  get functions(): NativeFunctions {
    if (this.#closed) throw new BotError("closed", `Cannot use ${this.path}: it is closed`);
    return this.#loaded.library.symbols;
  }

  /** The text of this thread's last failure in the library; empty when there was none. */
  lastError(): string {
    const { functions } = this;
    return readText((out, capacity) => functions.hftlive_last_error(out, capacity));
  }

  /** What the library tells about itself. */
  info(): NativeLibraryInfo {
    const { functions } = this;
    return JSON.parse(readText((out, capacity) => functions.hftlive_abi(out, capacity)));
  }

  /** Gives the library back; more calls do nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (--this.#loaded.users === 0) unload(this.#loaded);
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** What is known of a file: "hidden" when the permission to look at it is missing. */
type FileState = "exists" | "hidden";

/**
 * Goes through the candidates until one is accepted.
 *
 * @param libraryPath The path that the user named, if any.
 * @param accept Answers undefined for a file that turns out not to be there.
 * @returns What `accept` answered.
 * @throws {NativeLibraryNotFoundError} If no candidate is accepted.
 */
function search<T>(
  libraryPath: string | undefined,
  accept: (path: string, state: FileState) => T | undefined,
): T {
  if (libraryPath !== undefined && (typeof libraryPath !== "string" || libraryPath === "")) {
    throw new InvalidInputError("libraryPath", libraryPath, "the path of a file");
  }
  const surroundings = processSurroundings(libraryPath);
  const tried: LibraryLookup[] = [];
  for (const { origin, path } of libraryCandidates(surroundings)) {
    const { state, reason } = lookAt(path);
    if (state !== undefined) {
      const accepted = accept(path, state);
      if (accepted !== undefined) return accepted;
    }
    tried.push({ origin, path, result: reason ?? "no such file" });
  }
  if (libraryFileName(surroundings.os) === undefined) {
    const result = "the engine runs on Linux and macOS only";
    tried.push({ origin: "system", path: surroundings.os, result });
  }
  for (const variable of surroundings.hidden) {
    const result = `may not be read without --allow-env=${variable}`;
    tried.push({ origin: "environment", path: variable, result });
  }
  throw new NativeLibraryNotFoundError(tried);
}

function lookAt(path: string): { state?: FileState; reason?: string } {
  if (!isGranted({ name: "read", path })) return { state: "hidden" };
  try {
    return Deno.statSync(path).isFile ? { state: "exists" } : { reason: "not a file" };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { reason: "no such file" };
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether loading failed since there is no file: only the system's words tell. */
function isMissingFile(error: unknown): boolean {
  return error instanceof NativeLibraryLoadError && /no such file/i.test(error.message);
}

function load(path: string, expected: number): LoadedLibrary {
  if (!isGranted({ name: "ffi", path })) {
    throw new MissingPermissionError(`Cannot load the native library ${path}`, ["--allow-ffi"]);
  }
  // Alone first: a library of another version may lack functions of the table.
  const probe = dlopen(path, { hftlive_abi_version: NATIVE_SYMBOLS.hftlive_abi_version });
  const version = probe.symbols.hftlive_abi_version();
  probe.close();
  checkVersion(path, expected, version);
  const library = dlopen(path, NATIVE_SYMBOLS);
  const entry = { path, library, version, users: 0 };
  loaded.set(path, entry);
  return entry;
}

function dlopen<const T extends Deno.ForeignLibraryInterface>(
  path: string,
  symbols: T,
): Deno.DynamicLibrary<T> {
  try {
    return Deno.dlopen(path, symbols);
  } catch (cause) {
    throw new NativeLibraryLoadError(path, { cause });
  }
}

function checkVersion(path: string, expected: number, actual: number): void {
  if (actual !== expected) throw new NativeLibraryVersionError(path, expected, actual);
}

function unload({ path, library }: LoadedLibrary): void {
  loaded.delete(path);
  library.close();
}
