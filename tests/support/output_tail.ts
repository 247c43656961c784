/**
 * The end of what a process printed.
 *
 * @module
 */

/** Reads streams to their end and keeps the last part of their text. */
export class OutputTail {
  readonly #limit: number;
  #text = "";

  /** @param limit Most characters that are kept. */
  constructor(limit: number = 64 * 1024) {
    this.#limit = limit;
  }

  /** What was read last. */
  get text(): string {
    return this.#text;
  }

  /** Reads a stream to its end. */
  async read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      this.#text = (this.#text + chunk).slice(-this.#limit);
    }
  }
}
