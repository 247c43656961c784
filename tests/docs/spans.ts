/**
 * The code spans in the prose of a page.
 *
 * @module
 */

import { partsOf } from "./markdown.ts";
import type { Page } from "./pages.ts";

/** A code span. */
export interface Span {
  /** Page and line where its paragraph begins, such as "docs/abi.md:12". */
  readonly place: string;
  /** What stands between the backticks, on one line. */
  readonly text: string;
}

/** A code span; its text is the second group. */
export const CODE_SPAN: RegExp = /(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/gs;

/** Finds the code spans of a page, those in code blocks left out. */
export function spansOf({ path, text }: Page): Span[] {
  return paragraphsOf(text).flatMap(({ line, text }) =>
    [...text.matchAll(CODE_SPAN)].map(([, , span = ""]) => ({
      place: `${path}:${line}`,
      text: span.replaceAll("\\|", "|").replace(/\s+/g, " ").trim(),
    }))
  );
}

/** A run of lines that a code span may go over, and the number of its first one. */
export interface Paragraph {
  readonly line: number;
  readonly text: string;
}

/** The paragraphs of a text; each row of a table and each item of a list is one. Code blocks are left out. */
export function paragraphsOf(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let lines: string[] = [];
  let line = 0;
  const end = (): void => {
    if (lines.length > 0) paragraphs.push({ line, text: lines.join("\n") });
    lines = [];
  };
  for (const part of partsOf(text)) {
    const isProse = part.type === "line" && part.text.trim() !== "";
    if (!isProse || /^\s*([-*|#]|\d+\.)/.test(part.text)) end();
    if (!isProse) continue;
    if (lines.length === 0) line = part.line;
    lines.push(part.text);
  }
  end();
  return paragraphs;
}
