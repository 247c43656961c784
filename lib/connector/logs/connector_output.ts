/**
 * From the bytes that a connector prints to lines that can be kept.
 *
 * @module
 */

import type { Secret } from "../config/secret.ts";
import { LineSplitter, type SplitLine } from "./line_splitter.ts";
import {
  LogBuffer,
  type LogBufferOptions,
  type LogCounts,
  type LogTail,
  type TailOptions,
} from "./log_buffer.ts";
import { type LogLine, type OutputStream, parseLogLine, stripControls } from "./log_line.ts";
import { Redactor } from "./redact.ts";
import type { RotatingFile } from "./rotating_file.ts";

/** Most bytes of a line that are kept. */
export const MAX_LINE_BYTES: number = 64 * 1024;

/** Options of {@linkcode ConnectorOutput}. */
export interface ConnectorOutputOptions extends LogBufferOptions {
  /** Values to take out, beside all that looks like a secret. */
  readonly secrets?: Iterable<string | Secret>;
  /** A file that gets the lines as well; it stays open. */
  readonly file?: RotatingFile;
}

/**
 * Reads the output of a connector. Secrets are taken out of a line before anything is done with it,
 * so that neither the buffer nor the file nor a reader ever has one.
 *
 * @example The output of a process
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ConnectorOutput } from "@hftlive/hftlive";
 *
 * const output = new ConnectorOutput({ secrets: ["hunter2hunter2"] });
 * const printed = "2025-11-22T10:00:00.5Z  WARN connector: no hunter2hunter2 here\n";
 * await output.read(new Blob([printed]).stream(), "stdout");
 * output.close();
 *
 * const lines = [];
 * for await (const { level, message } of output.tail()) lines.push({ level, message });
 * assertEquals(lines, [{ level: "warn", message: "no *** here" }]);
 * ```
 */
export class ConnectorOutput {
  readonly #redactor: Redactor;
  readonly #buffer: LogBuffer;
  readonly #file: RotatingFile | undefined;

  /**
   * Makes a reader of one process.
   *
   * @param options How much is kept, what is taken out, and where else lines go.
   * @throws {InvalidInputError} If a bound is not a positive whole number.
   */
  constructor(options: ConnectorOutputOptions = {}) {
    this.#redactor = new Redactor(options.secrets);
    this.#buffer = new LogBuffer(options);
    this.#file = options.file;
  }

  /** What has gone through, and what was dropped or cut. */
  get counts(): LogCounts {
    return this.#buffer.counts;
  }

  /**
   * The last lines.
   *
   * @param count Most lines to return.
   * @returns The lines, the oldest first.
   */
  last(count?: number): LogLine[] {
    return this.#buffer.last(count);
  }

  /**
   * Follows the output: the lines that are kept, then each one as it comes, until the output ends.
   *
   * @param options Where to start, and what ends it early.
   * @returns The lines; each reader that iterates over them has a place of its own.
   * @throws {InvalidInputError} If `last` is not a whole number.
   */
  tail(options?: TailOptions): LogTail {
    return this.#buffer.tail(options);
  }

  /**
   * Reads a stream to its end.
   *
   * @param stream What a process prints.
   * @param name Which of its streams that is.
   */
  async read(stream: ReadableStream<Uint8Array>, name: OutputStream): Promise<void> {
    const splitter = new LineSplitter(MAX_LINE_BYTES);
    try {
      for await (const chunk of stream) {
        for (const line of splitter.push(chunk)) this.#add(line, name);
      }
    } finally {
      const last = splitter.finish();
      if (last !== undefined) this.#add(last, name);
    }
  }

  /** Ends all tails once they have read what is kept: the process has ended. */
  close(): void {
    this.#buffer.close();
  }

  #add({ text, cutBytes }: SplitLine, stream: OutputStream): void {
    const readable = stripControls(text);
    const raw = cutBytes > 0 ? this.#redactor.redactCut(readable) : this.#redactor.redact(readable);
    this.#file?.write(raw);
    this.#buffer.add(parseLogLine(raw, { stream, cutBytes }));
  }
}
