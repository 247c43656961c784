/**
 * Finds the code blocks of a page, each with the comment that stands on the line before it.
 *
 * @module
 */

import { type Instruction, parseInstruction } from "./instruction.ts";
import { partsOf } from "./markdown.ts";
import type { Page } from "./pages.ts";
import { CODE_SPAN } from "./spans.ts";

/** A code block. */
export interface Block {
  /** Page and line of its fence, such as "docs/abi.md:12". */
  readonly place: string;
  /** The first word after the fence; empty if there is none. */
  readonly language: string;
  /** Whether "ignore" follows it. */
  readonly ignored: boolean;
  /** What the comment before it says. */
  readonly instruction: Instruction;
  /** Its lines, without the indentation of the fence. */
  readonly text: string;
}

const COMMENT = /^\s*<!--\s*((?:not run|run)\b.*?)\s*-->\s*$/;

/**
 * Finds the code blocks of a page.
 *
 * @param page The page.
 * @returns Its blocks in order.
 * @throws {Error} If a block has no end, or a comment does not stand before a block or cannot be
 * understood; the message has the place.
 */
export function blocksOf({ path, text }: Page): Block[] {
  const blocks: Block[] = [];
  let comment: string | undefined;
  for (const part of located(path, () => partsOf(text))) {
    const place = `${path}:${part.line}`;
    if (part.type === "block") {
      const [language = "", ...attributes] = part.words;
      blocks.push({
        place,
        language,
        ignored: attributes.includes("ignore"),
        instruction: located(place, () => parseInstruction(comment)),
        text: part.text,
      });
      comment = undefined;
      continue;
    }
    if (comment !== undefined) throw new Error(`${place}: no block follows the comment`);
    comment = COMMENT.exec(part.text)?.[1];
    if (comment === undefined && /<!--\s*(not )?run\b/.test(part.text.replace(CODE_SPAN, ""))) {
      throw new Error(`${place}: the comment does not stand alone on one line`);
    }
  }
  return blocks;
}

function located<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${place}: ${error instanceof Error ? error.message : error}`);
  }
}
