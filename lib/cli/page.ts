/**
 * A page of text laid out for the width of its terminal.
 *
 * @module
 */

import { columnsOf, type Style } from "./ansi.ts";

/** How a page is to look. */
export interface PageOptions {
  /** Columns of the terminal. */
  readonly columns: number;
  /** Colours, or none. */
  readonly style: Style;
}

const MIN_COLUMNS = 40;
/** Longer lines are hard to read. */
const MAX_COLUMNS = 100;
const INDENT = "  ";
/** A left column wider than this puts its text on the next line. */
const MAX_LEFT = 32;
/** With less room than this beside the left column, text goes below it. */
const MIN_RIGHT = 30;

/** A space at which no line is broken. */
export const NO_BREAK = "\u00a0";

const CONTINUATION = " \\";

/** Text under construction: headings, paragraphs, two-column tables, examples. */
export class Page {
  readonly #lines: string[] = [];
  readonly #columns: number;
  readonly #style: Style;
  #afterHeading = false;

  /** @param options How it is to look. */
  constructor(options: PageOptions) {
    this.#columns = Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, options.columns));
    this.#style = options.style;
  }

  /** A heading, after an empty line if it is not the first. */
  heading(text: string): void {
    if (this.#lines.length > 0) this.#lines.push("");
    this.#lines.push(this.#style.bold(text));
    this.#afterHeading = true;
  }

  /** A paragraph, after an empty line if it does not follow a heading. */
  paragraph(text: string): void {
    this.#separate();
    this.#push(wrap(text, this.#columns - INDENT.length), INDENT);
  }

  /** A line whose continuations are indented further, such as a synopsis. */
  hanging(text: string): void {
    const [first = "", ...rest] = wrap(text, this.#columns - INDENT.length * 4);
    this.#push([first], INDENT);
    this.#push(rest, INDENT.repeat(3));
    this.#afterHeading = false;
  }

  /** Rows of a word and its explanation, aligned. */
  table(rows: readonly (readonly [string, string])[]): void {
    const widths = rows.map(([left]) => columnsOf(left)).filter((width) => width <= MAX_LEFT);
    const left = Math.max(0, ...widths) + INDENT.length;
    const below = this.#columns - INDENT.length - left < MIN_RIGHT;
    const indent = below ? INDENT.repeat(3) : INDENT + " ".repeat(left);
    for (const [word, text] of rows) {
      const [first = "", ...rest] = wrap(text, this.#columns - indent.length);
      if (below || columnsOf(word) + INDENT.length > left) {
        this.#push([word], INDENT);
        this.#push([first, ...rest], indent);
      } else {
        this.#push([word.padEnd(left) + first], INDENT);
        this.#push(rest, indent);
      }
    }
    this.#afterHeading = false;
  }

  /** A mark with its text beside it, and a note below the text. */
  entry(mark: string, text: string, note?: string): void {
    const indent = " ".repeat(columnsOf(mark) + INDENT.length);
    const room = this.#columns - indent.length;
    const [first = "", ...rest] = wrap(text, room);
    this.#push([`${mark}${INDENT}${first}`], "");
    this.#push([...rest, ...(note === undefined ? [] : wrap(note, room))], indent);
    this.#afterHeading = false;
  }

  /** A paragraph at the margin, after an empty line. */
  closing(text: string): void {
    this.#lines.push("", ...wrap(text, this.#columns));
  }

  /** A command line under what it does, continued so that it can be copied as it stands. */
  example(description: string, command: string): void {
    this.#separate();
    this.#push(wrap(`${description}:`, this.#columns - INDENT.length), INDENT);
    const lines = continued(command, this.#columns - INDENT.length * 4);
    const [first = "", ...rest] = lines.map((line) => this.#style.bold(line));
    this.#push([first], INDENT.repeat(2));
    this.#push(rest, INDENT.repeat(4));
  }

  /** The page, ending in a newline. */
  text(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  #separate(): void {
    if (!this.#afterHeading) this.#lines.push("");
    this.#afterHeading = false;
  }

  #push(lines: readonly string[], indent: string): void {
    for (const line of lines) {
      this.#lines.push(`${indent}${line}`.replaceAll(NO_BREAK, " ").trimEnd());
    }
  }
}

/** Breaks a command line before its flags and redirections, as a shell continues it. */
function continued(command: string, columns: number): string[] {
  const room = columns - CONTINUATION.length;
  const lines: string[] = [];
  for (const part of command.split(/ (?=--|> )/)) {
    const last = lines.at(-1);
    const joined = last === undefined ? part : `${last} ${part}`;
    if (lines.length === 0 || columnsOf(joined) <= room) lines.splice(-1, 1, joined);
    else lines.push(part);
  }
  return lines.map((line, index) => index < lines.length - 1 ? line + CONTINUATION : line);
}

/** Breaks text at its spaces into lines of at most `columns`; a longer word keeps a line of its own. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  const words = text.split(" ")
    .flatMap((word) => columnsOf(word) > columns ? word.split(NO_BREAK) : [word]);
  for (const word of words) {
    if (line !== "" && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
