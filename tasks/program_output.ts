/**
 * What a program prints: passed on, and looked through for the counts of its tests.
 *
 * @module
 */

import { type Counts, stripColour } from "./counts.ts";
import type { OutputPart } from "./ordered_output.ts";

/** How long a program's output may stay open after its end. */
const CLOSING_MS = 5000;

/** Passes a program's output on and gathers the counts in its lines. */
export class ProgramOutput {
  /** The counts found so far, in the lines of standard output. */
  readonly counts: Counts[] = [];
  readonly #part: OutputPart;
  readonly #readers: readonly ReadableStreamDefaultReader<Uint8Array>[];
  readonly #readLine: (line: string) => Counts | undefined;
  readonly #done: Promise<unknown>;

  constructor(
    { stdout, stderr }: Deno.ChildProcess,
    part: OutputPart,
    readLine: (line: string) => Counts | undefined = () => undefined,
  ) {
    this.#part = part;
    this.#readLine = readLine;
    const [out, err] = [stdout.getReader(), stderr.getReader()];
    this.#readers = [out, err];
    this.#done = Promise.all([this.#copyLines(out), this.#copy(err, () => {})]);
    // The run ends by the output's own failure.
    this.#done.catch(() => {});
  }

  /** Waits for the rest; false if something that outlived the program keeps the output open. */
  async end(): Promise<boolean> {
    let isClosed = true;
    const patience = setTimeout(() => {
      isClosed = false;
      for (const reader of this.#readers) reader.cancel();
    }, CLOSING_MS);
    await this.#done.finally(() => clearTimeout(patience));
    return isClosed;
  }

  async #copyLines(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    await this.#copy(reader, (bytes) => {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#read(line);
    });
    this.#read(rest);
  }

  async #copy(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    take: (bytes: Uint8Array) => void,
  ): Promise<void> {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      await this.#part.write(part.value);
      take(part.value);
    }
  }

  #read(line: string): void {
    const counts = this.#readLine(stripColour(line));
    if (counts) this.counts.push(counts);
  }
}
