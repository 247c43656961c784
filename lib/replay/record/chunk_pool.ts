/**
 * The memory in which records wait for the disk.
 *
 * @module
 */

/** Bytes of a chunk: a whole number of records. */
export const CHUNK_BYTES: number = 128 * 1024;

/** Bytes on their way to a file. */
export class Chunk {
  /** Its memory. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same memory as 32-bit words. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** Bytes in use. */
  length = 0;
  /** The bot's events in it. */
  events = 0;

  constructor() {
    const buffer = new ArrayBuffer(CHUNK_BYTES);
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
  }

  /** Bytes that still fit. */
  get free(): number {
    return CHUNK_BYTES - this.length;
  }

  /** The bytes in use. */
  get content(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }
}

/** A bounded number of chunks, made when they are first needed and used again. */
export class ChunkPool {
  readonly #maxChunks: number;
  readonly #free: Chunk[] = [];
  #made = 0;

  /** @param maxBytes Most bytes of all chunks together; at least one chunk is there. */
  constructor(maxBytes: number) {
    this.#maxChunks = Math.max(1, Math.floor(maxBytes / CHUNK_BYTES));
  }

  /** Bytes of the chunks that can be taken. */
  get freeBytes(): number {
    return (this.#free.length + this.#maxChunks - this.#made) * CHUNK_BYTES;
  }

  /** Share of the chunks that are taken, 0 to 1. */
  get load(): number {
    return (this.#made - this.#free.length) / this.#maxChunks;
  }

  /** Takes an empty chunk; undefined when all are taken. */
  take(): Chunk | undefined {
    const chunk = this.#free.pop();
    if (chunk !== undefined) return chunk;
    if (this.#made === this.#maxChunks) return undefined;
    this.#made++;
    return new Chunk();
  }

  /** Gives a chunk back; what is in it is forgotten. */
  give(chunk: Chunk): void {
    chunk.length = 0;
    chunk.events = 0;
    this.#free.push(chunk);
  }
}
