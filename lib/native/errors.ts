/**
 * What can go wrong before the native library answers its first call.
 *
 * @module
 */

import { HftliveError } from "../model/errors.ts";

/** How to get the library, as every message about a missing one says. */
export const BUILD_HINT = "build it with: deno run -A cli.ts native build";

/** A place where the library was looked for. */
export interface LibraryLookup {
  /** What named the place: an option, an environment variable, or a rule. */
  readonly origin: string;
  /** The file looked for, or the variable or permission that was missing. */
  readonly path: string;
  /** What was found there. */
  readonly result: string;
}

/** The native library is in none of the places where it is looked for. */
export class NativeLibraryNotFoundError extends HftliveError {
  /** Name of the class. */
  override name = "NativeLibraryNotFoundError";
  /** Where it was looked for, in order. */
  readonly tried: readonly LibraryLookup[];

  /**
   * Makes the error.
   *
   * @param tried Where it was looked for, in order.
   */
  constructor(tried: readonly LibraryLookup[]) {
    const lines = tried.map(({ origin, path, result }) => `\n  ${origin}: ${path}: ${result}`);
    super(`Cannot find the native library: ${BUILD_HINT}; tried:${lines.join("")}`);
    this.tried = tried;
  }
}

/** The native library is there, but the system cannot load it, or it lacks a function. */
export class NativeLibraryLoadError extends HftliveError {
  /** Name of the class. */
  override name = "NativeLibraryLoadError";
  /** The file. */
  readonly path: string;

  /**
   * Makes the error.
   *
   * @param path The file.
   * @param options The system's error as `cause`.
   */
  constructor(path: string, options: { cause: unknown }) {
    const { cause } = options;
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`Cannot load the native library ${path}: ${reason}`, options);
    this.path = path;
  }
}

/** The native library speaks another version of the ABI than this package. */
export class NativeLibraryVersionError extends HftliveError {
  /** Name of the class. */
  override name = "NativeLibraryVersionError";
  /** The file. */
  readonly path: string;
  /** The version this package needs. */
  readonly expected: number;
  /** The version the library has. */
  readonly actual: number;

  /**
   * Makes the error.
   *
   * @param path The file.
   * @param expected The version this package needs.
   * @param actual The version the library has.
   */
  constructor(path: string, expected: number, actual: number) {
    super(
      `Cannot use the native library ${path}: its ABI version is ${actual}, ` +
        `this package needs ${expected}; ${BUILD_HINT}`,
    );
    this.path = path;
    this.expected = expected;
    this.actual = actual;
  }
}
