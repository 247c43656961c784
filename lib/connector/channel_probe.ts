/**
 * Looking at a connector's channel, where the native library lets it.
 *
 * @module
 */

import {
  NativeLibraryLoadError,
  NativeLibraryNotFoundError,
  NativeLibraryVersionError,
} from "../native/errors.ts";
import { NativeLibrary } from "../native/library.ts";
import { type ChannelState, probeChannel } from "../native/probe.ts";

/** Looks at one channel; holds the native library, so that it is not loaded for each look. */
export class ChannelProbe implements Disposable {
  readonly #connectorName: string;
  readonly #libraryPath: string | undefined;
  readonly #library: NativeLibrary;

  private constructor(connectorName: string, libraryPath: string | undefined) {
    this.#connectorName = connectorName;
    this.#libraryPath = libraryPath;
    this.#library = NativeLibrary.open({ libraryPath });
  }

  /**
   * Makes a probe.
   *
   * @param connectorName Name of the connector.
   * @param libraryPath Path of the native library, if not the usual one.
   * @returns The probe, or in words why there is none: the library is missing or cannot be used.
   * @throws {MissingPermissionError} If `--allow-ffi` is missing.
   */
  static open(connectorName: string, libraryPath: string | undefined): ChannelProbe | string {
    try {
      return new ChannelProbe(connectorName, libraryPath);
    } catch (error) {
      if (isLibraryUnusable(error)) return error.message;
      throw error;
    }
  }

  /** The state of the channel. */
  look(): ChannelState {
    return probeChannel(this.#connectorName, { libraryPath: this.#libraryPath });
  }

  /**
   * The living process that publishes, if one does.
   *
   * @returns Its process id.
   */
  publisher(): number | undefined {
    return this.look().publishers.find(({ alive }) => alive)?.pid;
  }

  /** Gives the library back. */
  [Symbol.dispose](): void {
    this.#library.close();
  }
}

/** Whether an error says that the native library is missing, or cannot be used. */
export function isLibraryUnusable(
  error: unknown,
): error is NativeLibraryNotFoundError | NativeLibraryLoadError | NativeLibraryVersionError {
  return error instanceof NativeLibraryNotFoundError || error instanceof NativeLibraryLoadError ||
    error instanceof NativeLibraryVersionError;
}
