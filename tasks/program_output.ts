/**
 * What a program prints: passed on, and looked through for the counts of its tests.
 *
 * @module
 */

import { type Counts, stripColour } from "./counts.ts";
import type { OutputPart } from "./ordered_output.ts";

/** How long a program's output may stay open after its end. */
const CLOSING_MS = 5000;
/** Test runners tell what failed in their last lines. */
const KEPT_LINES = 50;

/** Passes a program's output on, gathers the counts in its lines and keeps the last ones. */
export class ProgramOutput {
  /** The counts found so far, in the lines of standard output. */
  readonly counts: Counts[] = [];
  /** The last lines so far, of standard output and of standard error, with their colours. */
  readonly lastLines: string[] = [];
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
    this.#done = Promise.all([
      this.#copyLines(out, (line) => this.#read(line)),
      this.#copyLines(err, (line) => this.#keep(line)),
    ]);
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

  async #copyLines(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    take: (line: string) => void,
  ): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      await this.#part.write(part.value);
      const lines = (rest + decoder.decode(part.value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line);
    }
    if (rest !== "") take(rest);
  }

  #read(line: string): void {
    const counts = this.#readLine(stripColour(line));
    if (counts) this.counts.push(counts);
    this.#keep(line);
  }

  #keep(line: string): void {
    this.lastLines.push(line);
    if (this.lastLines.length > KEPT_LINES) this.lastLines.shift();
  }
}
