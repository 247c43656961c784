/**
 * One file of a recording, from its first byte to its final name.
 *
 * @module
 */

import { dirname } from "@std/path";
import { crc32 } from "node:zlib";
import type { Container, Written } from "./container.ts";
import { problemOf, RecorderError } from "./errors.ts";

/** What a file is called while it is being written. */
export const PART = ".part";

/** A file that is complete. */
export interface FinishedFile {
  /** The file. */
  readonly path: string;
  /** Bytes of it. */
  readonly bytes: number;
  /** The bot's events in it. The book that a file may begin with does not count. */
  readonly events: number;
}

/**
 * A file that grows under a name of its own (`.part`) and gets its final one when it is
 * complete. After a failure it can be completed with what was written before.
 */
export class RecordingFile {
  /** Where it is while it grows. */
  readonly partPath: string;
  readonly #name: FileName;
  readonly #container: Container;
  readonly #file: Deno.FsFile;
  #written: Written;
  /** Where it can be ended, newest first: not within a line. */
  #ends: readonly Written[] = [];
  /** What is on the disk for sure. */
  #synced: Written;
  #syncFailed = false;
  #closed = false;

  private constructor(name: FileName, partPath: string, file: Deno.FsFile, container: Container) {
    this.#name = name;
    this.partPath = partPath;
    this.#file = file;
    this.#container = container;
    this.#written = { fileBytes: 0, contentBytes: 0, contentCrc: 0, events: 0 };
    this.#synced = this.#written;
  }

  /**
   * Begins a file under a name that is free.
   *
   * @param stem Path of the file without its extension; `_02` and so on is added where that is taken.
   * @param container The format.
   * @returns The file; it is locked, so that nobody takes it for one that was left behind.
   * @throws {RecorderError} If it cannot be written.
   */
  static async create(stem: string, container: Container): Promise<RecordingFile> {
    for (let number = 1;; number++) {
      const name = { stem, number, extension: container.extension };
      const partPath = pathOf(name) + PART;
      try {
        if (await exists(pathOf(name))) continue;
        const file = await Deno.open(partPath, { write: true, createNew: true });
        return await this.#begin(new RecordingFile(name, partPath, file, container));
      } catch (cause) {
        if (cause instanceof Deno.errors.AlreadyExists) continue;
        throw cannotWrite(partPath, cause);
      }
    }
  }

  /**
   * Begins a file under a temporary name of the caller's, replacing one that is there.
   *
   * @param partPath What it is called while it is being written.
   * @param stem Path of the final file without its extension.
   * @param container The format.
   * @returns The file.
   * @throws {RecorderError} If it cannot be written.
   */
  static async replace(
    partPath: string,
    stem: string,
    container: Container,
  ): Promise<RecordingFile> {
    const name = { stem, number: 1, extension: container.extension };
    try {
      const file = await Deno.open(partPath, { write: true, create: true, truncate: true });
      return await this.#begin(new RecordingFile(name, partPath, file, container));
    } catch (cause) {
      throw cannotWrite(partPath, cause);
    }
  }

  static async #begin(file: RecordingFile): Promise<RecordingFile> {
    try {
      // Some network file systems have no locks.
      await file.#file.lock(true).catch(() => {});
      await file.#append(file.#container.prologue);
      await syncDirectory(dirname(file.partPath));
      return file;
    } catch (error) {
      await file.discard();
      throw error;
    }
  }

  /** Bytes of the file so far. */
  get bytes(): number {
    return this.#written.fileBytes;
  }

  /**
   * Appends content.
   *
   * @param content Its bytes before the format's encoding.
   * @param events How many of the bot's events are in it.
   * @throws {RecorderError} If it cannot be written.
   */
  async write(content: Uint8Array<ArrayBuffer>, events: number): Promise<void> {
    await this.#try(() => this.#append(this.#container.encode(content)));
    this.#written = {
      fileBytes: this.#written.fileBytes,
      contentBytes: this.#written.contentBytes + content.length,
      contentCrc: crc32(content, this.#written.contentCrc),
      events: this.#written.events + events,
    };
    if (this.#container.isWhole(content)) this.#ends = [this.#written, ...this.#ends.slice(0, 1)];
  }

  /**
   * Puts all that was written on the disk: whole records or lines.
   *
   * @throws {RecorderError} If that fails, or the file has been removed.
   */
  async checkpoint(): Promise<void> {
    if (this.#synced === this.#written) return;
    const written = this.#written;
    await this.#try(async () => {
      this.#syncFailed = true;
      await this.#file.syncData();
      this.#syncFailed = false;
      // A file without a name takes all that it is given, and is gone when it is closed.
      await Deno.lstat(this.partPath);
    });
    this.#synced = written;
  }

  /**
   * Completes the file and gives it its final name.
   *
   * @returns The complete file; undefined if there is nothing in it, which is removed then.
   * @throws {RecorderError} If that fails; the file is still open then.
   */
  async finish(): Promise<FinishedFile | undefined> {
    const written = this.#written;
    if (written.contentBytes === 0) {
      await this.discard();
      return undefined;
    }
    const { trailer, patches } = this.#container.ending(written);
    return await this.#try(async () => {
      await this.#append(trailer);
      for (const { offset, bytes } of patches) {
        await this.#file.seek(offset, Deno.SeekMode.Start);
        await writeAll(this.#file, bytes);
      }
      this.#syncFailed = true;
      await this.#file.sync();
      this.#syncFailed = false;
      const path = await this.#rename();
      this.#close();
      return { path, bytes: this.#written.fileBytes, events: written.events };
    });
  }

  /**
   * Completes the file with what was written before a failure.
   *
   * @returns The complete file; undefined if there was nothing in it, which is removed then.
   * @throws {RecorderError} If that fails as well; the `.part` file is closed, and left.
   */
  async rollBack(): Promise<FinishedFile | undefined> {
    // A system tells but once that it could not sync; what it then has is anyone's guess. Else a
    // full disk may need another piece cut off to have room for the end.
    const ends = this.#syncFailed ? [this.#synced] : [...this.#ends, this.#synced];
    if (this.#ends.length === 0) {
      await this.discard();
      return undefined;
    }
    let failure: unknown = cannotWrite(this.partPath, "nothing of it could be synced");
    for (const end of ends.filter(({ contentBytes }) => contentBytes > 0)) {
      try {
        return await this.#endAt(end);
      } catch (error) {
        failure = error;
      }
    }
    this.#close();
    throw failure;
  }

  async #endAt(end: Written): Promise<FinishedFile | undefined> {
    this.#written = end;
    await this.#try(async () => {
      await this.#file.truncate(end.fileBytes);
      await this.#file.seek(end.fileBytes, Deno.SeekMode.Start);
    });
    return await this.finish();
  }

  /** Closes the file and removes it. */
  async discard(): Promise<void> {
    this.#close();
    await Deno.remove(this.partPath).catch(() => {});
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await writeAll(this.#file, bytes);
    const { fileBytes, ...rest } = this.#written;
    this.#written = { fileBytes: fileBytes + bytes.length, ...rest };
  }

  /** Gives the file a final name that is free. */
  async #rename(): Promise<string> {
    for (let { number } = this.#name;; number++) {
      const path = pathOf({ ...this.#name, number });
      if (await renameNew(this.partPath, path)) {
        await syncDirectory(dirname(path));
        return path;
      }
    }
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw cannotWrite(this.partPath, cause);
    }
  }
}

/** Whether there is anything of that name. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** One of several names with the same beginning. */
interface FileName {
  readonly stem: string;
  readonly number: number;
  readonly extension: string;
}

/** The path that a name stands for; the paths of a stem sort in the order of their numbers. */
function pathOf({ stem, number, extension }: FileName): string {
  const suffix = number === 1 ? "" : `_${String(number).padStart(2, "0")}`;
  return `${stem}${suffix}.${extension}`;
}

/**
 * Renames a file unless another has that name, which a plain rename would replace.
 *
 * @returns Whether it was renamed.
 */
async function renameNew(from: string, to: string): Promise<boolean> {
  try {
    await Deno.link(from, to);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    if (error instanceof Deno.errors.NotFound) throw error;
    // Not every file system has hard links.
    if (await exists(to)) return false;
    await Deno.rename(from, to);
    return true;
  }
  await Deno.remove(from);
  return true;
}

/** Puts a directory's new names on the disk. */
async function syncDirectory(path: string): Promise<void> {
  using directory = await Deno.open(path);
  await directory.sync();
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

function cannotWrite(path: string, cause: unknown): RecorderError {
  if (cause instanceof RecorderError) return cause;
  const problem = cause instanceof Deno.errors.NotFound
    ? "it, or its directory, is not there any more"
    : problemOf(cause);
  return new RecorderError("Cannot write recording", path, problem, { cause });
}
