/**
 * The files of one instrument, written in the order in which their bytes come.
 *
 * @module
 */

import type { Chunk, ChunkPool } from "./chunk_pool.ts";
import type { Container } from "./container.ts";
import { exists, type FinishedFile, RecordingFile } from "./recording_file.ts";

/** What a tape is made of, and whom it tells. */
export interface TapeOptions {
  /** Memory for what waits. */
  readonly pool: ChunkPool;
  /** Format of the files. */
  readonly container: Container;
  /** Called when a file is complete. */
  onFile(file: FinishedFile): void;
  /** Called once, when writing has failed and nothing more will be written. */
  onFailure(error: unknown): void;
}

/**
 * Takes bytes without waiting, and writes them behind the caller's back. One file is open
 * at a time; when the next one is begun, the one before is completed.
 */
export class Tape {
  readonly #options: TapeOptions;
  #chunk: Chunk | undefined;
  /** Set while there is a file that takes bytes. */
  #open = false;
  #file: RecordingFile | undefined;
  #work: Promise<void> = Promise.resolve();
  #failed = false;
  #checkpointDue = false;
  /** Of the file that was begun last. */
  #fileNumber = 0;
  #fileBytes = 0;

  /** @param options What it is made of, and whom it tells. */
  constructor(options: TapeOptions) {
    this.#options = options;
  }

  /** Whether there is a file that takes bytes. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Bytes on the disk of the file that was begun last, as far as they are written. */
  get fileBytes(): number {
    return this.#fileBytes;
  }

  /** Settles when all that was asked for until now is done. Never rejects. */
  get idle(): Promise<void> {
    return this.#work;
  }

  /**
   * Begins a file.
   *
   * @param stem Path of the file without its extension.
   */
  begin(stem: string): void {
    this.#open = true;
    this.#fileNumber++;
    this.#fileBytes = 0;
    this.#do(async () => {
      this.#file = await RecordingFile.create(stem, this.#options.container);
    });
  }

  /**
   * Room for one record in a row.
   *
   * @param bytes Its size: a divisor of a chunk's.
   * @returns The chunk to write it into, at its `length`; undefined when all memory is in use.
   */
  room(bytes: number): Chunk | undefined {
    if (this.#chunk !== undefined && this.#chunk.free < bytes) this.#handOver();
    return this.#chunk ??= this.#options.pool.take();
  }

  /**
   * Appends bytes, all or none of them.
   *
   * @param bytes The bytes.
   * @param events How many of the bot's events they are.
   * @returns Whether there was room.
   */
  append(bytes: Uint8Array, events: number): boolean {
    if (this.#chunk === undefined || this.#chunk.free < bytes.length) {
      if (bytes.length > this.#options.pool.freeBytes) return false;
      // Only what is larger than a chunk lies in several.
      this.#handOver();
    }
    for (let at = 0; at < bytes.length;) {
      const chunk = this.room(1);
      if (chunk === undefined) return false;
      const part = bytes.subarray(at, at + chunk.free);
      chunk.bytes.set(part, chunk.length);
      chunk.length += part.length;
      at += part.length;
      if (at === bytes.length) chunk.events += events;
    }
    return true;
  }

  /** Puts on the disk what was taken until now: whole lines. */
  checkpoint(): void {
    if (!this.#open || this.#checkpointDue) return;
    this.#checkpointDue = true;
    this.#handOver();
    this.#do(async () => {
      this.#checkpointDue = false;
      await this.#file?.checkpoint();
    });
  }

  /** Completes the file. */
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#handOver();
    this.#do(async () => {
      const file = await this.#file?.finish();
      this.#file = undefined;
      if (file !== undefined) this.#options.onFile(file);
    });
  }

  /**
   * Completes the file with what is safe of it, after a failure.
   *
   * @returns Path of the `.part` file that is left behind, if that fails as well.
   */
  async rollBack(): Promise<string | undefined> {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return undefined;
    try {
      const finished = await file.rollBack();
      if (finished !== undefined) this.#options.onFile(finished);
      return undefined;
    } catch {
      return await exists(file.partPath) ? file.partPath : undefined;
    }
  }

  #handOver(): void {
    const chunk = this.#chunk;
    this.#chunk = undefined;
    if (chunk === undefined) return;
    const number = this.#fileNumber;
    this.#do(async () => {
      await this.#file?.write(chunk.content, chunk.events);
      if (number === this.#fileNumber) this.#fileBytes = this.#file?.bytes ?? 0;
      this.#options.pool.give(chunk);
    });
  }

  /** Does something when all that came before is done; nothing after a failure. */
  #do(work: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#failed) return;
      try {
        await work();
      } catch (error) {
        this.#failed = true;
        this.#options.onFailure(error);
      }
    });
  }
}
