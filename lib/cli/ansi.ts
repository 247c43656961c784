/**
 * The few terminal codes in use.
 *
 * @module
 */

/** Marks text for a terminal; every function returns its text unchanged where colour is off. */
export interface Style {
  /** Stands out. */
  bold(text: string): string;
  /** Stands back. */
  dim(text: string): string;
  /** Good. */
  green(text: string): string;
  /** To look at. */
  yellow(text: string): string;
  /** Bad. */
  red(text: string): string;
}

/** Styles with or without colour. */
export function styles(color: boolean): Style {
  const code = (on: number, off: number) => (text: string): string =>
    color && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    green: code(32, 39),
    yellow: code(33, 39),
    red: code(31, 39),
  };
}

/** Clears from the cursor to the end of the screen. */
export const CLEAR_BELOW = "\x1b[0J";

/** Moves the cursor to the first column, `lines` up. */
export function cursorUp(lines: number): string {
  return lines > 0 ? `\r\x1b[${lines}A` : "\r";
}

// deno-lint-ignore no-control-regex
const CODES = /\x1b\[[0-9;]*m/g;

/** Text without its codes. */
export function plain(text: string): string {
  return text.replace(CODES, "");
}

/** Columns that a text takes up; every character of hftlive's own output is one wide. */
export function columnsOf(text: string): number {
  return [...plain(text)].length;
}

/**
 * Shortens a line to a number of columns, keeping its codes.
 *
 * @param text One line.
 * @param columns Most columns it may take up.
 * @returns The line, ending in "…" if something was cut off.
 */
export function truncate(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let room = Math.max(0, columns - 1);
  let kept = "";
  let at = 0;
  for (const { 0: code, index } of [...text.matchAll(CODES), { 0: "", index: text.length }]) {
    const letters = [...text.slice(at, index)].slice(0, room);
    room -= letters.length;
    kept += letters.join("") + (room === 0 && !kept.includes("…") ? "…" : "") + code;
    at = index + code.length;
  }
  return kept;
}
