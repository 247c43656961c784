/**
 * A log file that starts anew when it has grown too large.
 *
 * @module
 */

import { concat } from "../../bytes.ts";
import { dirname, resolve } from "@std/path";
import { checkNumber } from "../../model/check.ts";
import { ConnectorRunnerError } from "../errors.ts";
import { requirePath } from "../../permissions.ts";

/** Options of {@linkcode RotatingFile.open}. */
export interface RotatingFileOptions {
  /**
   * Size at which a new file is begun, in bytes.
   *
   * @default {10485760}
   */
  readonly maxBytes?: number;
  /**
   * How many files are kept, the one being written included.
   *
   * @default {5}
   */
  readonly maxFiles?: number;
  /**
   * Most bytes that may wait for a slow disk; what comes on top is lost, and counted.
   *
   * @default {4194304}
   */
  readonly maxPendingBytes?: number;
}

/** What has become of the lines of a {@linkcode RotatingFile}. */
export interface RotatingFileCounts {
  /** Lines in the files. */
  readonly written: number;
  /** Lines that the disk was too slow for, or did not take. */
  readonly lost: number;
  /** Why lines were lost last; undefined when the disk took all that it was given. */
  readonly lastError: Error | undefined;
}

/**
 * Appends lines to `PATH`. When it is full, it becomes `PATH.1`, the one before that `PATH.2`,
 * and so on; the oldest is deleted. All have mode 0600. Writing never holds up the caller.
 */
export class RotatingFile implements AsyncDisposable {
  /** The file being written. */
  readonly path: string;
  readonly #maxBytes: number;
  readonly #maxFiles: number;
  readonly #maxPendingBytes: number;
  #file: Deno.FsFile | undefined;
  #size = 0;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #draining: Promise<void> | undefined;
  #written = 0;
  #lost = 0;
  #lastError: Error | undefined;
  #closed = false;

  private constructor(path: string, options: RotatingFileOptions) {
    const {
      maxBytes = 10 * 1024 * 1024,
      maxFiles = 5,
      maxPendingBytes = 4 * 1024 * 1024,
    } = options;
    this.path = resolve(path);
    this.#maxBytes = checkNumber("maxBytes", maxBytes, { min: 1, integer: true });
    this.#maxFiles = checkNumber("maxFiles", maxFiles, { min: 1, max: 1_000, integer: true });
    this.#maxPendingBytes = checkNumber("maxPendingBytes", maxPendingBytes, {
      min: 1,
      integer: true,
    });
  }

  /**
   * Opens a log file; one that is there already is continued.
   *
   * @param path The file; its directory must exist.
   * @param options When to begin a new one, and how many to keep.
   * @returns The open file, to be closed.
   * @throws {InvalidInputError} If an option is not a positive whole number.
   * @throws {ConnectorRunnerError} If the file cannot be opened.
   * @throws {MissingPermissionError} If its directory may not be read or written.
   */
  static async open(path: string, options: RotatingFileOptions = {}): Promise<RotatingFile> {
    const file = new RotatingFile(path, options);
    const action = `Cannot open the log file ${path}`;
    requirePath(action, "read", dirname(file.path));
    requirePath(action, "write", dirname(file.path));
    try {
      await file.#open();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConnectorRunnerError(`${action}: ${reason}`, { cause });
    }
    return file;
  }

  /** What has become of the lines. */
  get counts(): RotatingFileCounts {
    return { written: this.#written, lost: this.#lost, lastError: this.#lastError };
  }

  /** Writes a line, soon; after {@linkcode close} it is counted as lost. */
  write(line: string): void {
    const bytes = new TextEncoder().encode(`${line}\n`);
    if (this.#closed || this.#pendingBytes + bytes.length > this.#maxPendingBytes) {
      this.#lost++;
      return;
    }
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#draining ??= this.#drain();
  }

  /** Waits until all lines are written or lost. */
  async flush(): Promise<void> {
    await this.#draining;
  }

  /** Writes what is pending and closes the file; more calls do nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
    this.#file?.close();
    this.#file = undefined;
  }

  /** The same as {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #drain(): Promise<void> {
    // Lines that come in the same turn go out together.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      const lines = this.#takeWhatFits();
      try {
        await this.#append(lines);
        this.#written += lines.length;
      } catch (error) {
        this.#lost += lines.length;
        this.#lastError = error instanceof Error ? error : new Error(String(error));
        // What it points at may be gone; the next lines try to open it anew.
        this.#file?.close();
        this.#file = undefined;
      }
    }
    this.#draining = undefined;
  }

  /** Takes the pending lines that the file has room for: at least one. */
  #takeWhatFits(): Uint8Array[] {
    let bytes = 0;
    let count = 0;
    const room = this.#maxBytes - this.#size;
    for (const line of this.#pending) {
      if (count > 0 && bytes + line.length > room) break;
      bytes += line.length;
      count++;
    }
    this.#pendingBytes -= bytes;
    return this.#pending.splice(0, count);
  }

  async #append(lines: readonly Uint8Array[]): Promise<void> {
    const bytes = concat(lines);
    if (this.#file === undefined) await this.#open();
    if (this.#size > 0 && this.#size + bytes.length > this.#maxBytes) await this.#rotate();
    for (let at = 0; this.#file !== undefined && at < bytes.length;) {
      const count = await this.#file.write(bytes.subarray(at));
      at += count;
      this.#size += count;
    }
  }

  async #open(): Promise<void> {
    const file = await Deno.open(this.path, { append: true, create: true, mode: 0o600 });
    try {
      const { isFile, size, mode } = await file.stat();
      if (!isFile) throw new Error(`not a file: ${this.path}`);
      if (mode !== null && (mode & 0o077) !== 0) await Deno.chmod(this.path, 0o600);
      this.#size = size;
      this.#file = file;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  async #rotate(): Promise<void> {
    this.#file?.close();
    this.#file = undefined;
    for (let n = this.#maxFiles - 1; n >= 1; n--) {
      await renameIfThere(n === 1 ? this.path : `${this.path}.${n - 1}`, `${this.path}.${n}`);
    }
    if (this.#maxFiles === 1) await Deno.remove(this.path);
    await this.#open();
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
