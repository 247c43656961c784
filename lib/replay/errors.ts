/**
 * What is wrong with a recording.
 *
 * @module
 */

import { HftliveError } from "../model/errors.ts";

/** Where in a recording something is. */
export interface RecordingPosition {
  /** Byte offset, from 0. */
  readonly offset: number;
  /** What the offset counts bytes of: "file" on disk, or "content" after decompression. */
  readonly of: "file" | "content";
  /** Number of the line, from 1, in a recording made of lines. */
  readonly line?: number | undefined;
}

/** A recording is damaged, cut off, or in a format that cannot be read. */
export class RecordingError extends HftliveError {
  /** Name of the class. */
  override name = "RecordingError";
  /** The file, as it was named. */
  readonly file: string;
  /** What was found and what was expected. */
  readonly problem: string;
  /** Byte offset of what is wrong, from 0. */
  readonly offset: number;
  /** What `offset` counts bytes of: "file" on disk, or "content" after decompression. */
  readonly of: "file" | "content";
  /** Number of the line, from 1, in a recording made of lines. */
  readonly line: number | undefined;

  /**
   * Makes the error.
   *
   * @param file The file, as it was named.
   * @param position Where in it.
   * @param problem What was found there and what was expected.
   * @param options The standard error options, such as `cause`.
   */
  constructor(
    file: string,
    position: RecordingPosition,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`Cannot read recording ${file}: ${problem}, at ${show(position)}`, options);
    this.file = file;
    this.problem = problem;
    this.offset = position.offset;
    this.of = position.of;
    this.line = position.line;
  }
}

function show({ offset, of, line }: RecordingPosition): string {
  const bytes = `byte ${offset}${of === "content" ? " of the decompressed content" : ""}`;
  return line === undefined ? bytes : `line ${line}, ${bytes}`;
}
