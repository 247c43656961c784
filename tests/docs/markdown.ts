/**
 * Takes the text of a page apart into lines of prose and code blocks.
 *
 * @module
 */

/** A line of prose, or a code block. */
export type Part = {
  readonly type: "line";
  /** Number of the line. */
  readonly line: number;
  readonly text: string;
} | {
  readonly type: "block";
  /** Number of its first fence's line. */
  readonly line: number;
  /** The words after that fence. */
  readonly words: readonly string[];
  /** What stands between the fences, without their indentation. */
  readonly text: string;
};

const OPENING = /^( *)(`{3,}|~{3,})\s*([^`]*)$/;

/**
 * Takes a text apart.
 *
 * @throws {Error} If a block has no end; the message begins with the line's number.
 */
export function partsOf(text: string): Part[] {
  const lines = text.split("\n");
  const parts: Part[] = [];
  for (let at = 0; at < lines.length; at++) {
    const text = lines[at]!;
    const line = at + 1;
    const [, indentation, fence, words] = OPENING.exec(text) ?? [];
    if (indentation === undefined || fence === undefined || words === undefined) {
      parts.push({ type: "line", line, text });
      continue;
    }
    const end = lines.findIndex((one, index) => index > at && isClosing(one, fence));
    if (end < 0) throw new Error(`${line}: the block has no end`);
    const inside = lines.slice(at + 1, end).map((one) => unindent(one, indentation.length));
    parts.push({
      type: "block",
      line,
      words: words.trim().split(/\s+/).filter((word) => word !== ""),
      text: inside.join("\n"),
    });
    at = end;
  }
  return parts;
}

/** A fence is closed by one of the same characters that is not shorter. */
function isClosing(line: string, fence: string): boolean {
  const trimmed = line.trim();
  return trimmed.length >= fence.length && trimmed === fence[0]!.repeat(trimmed.length);
}

function unindent(line: string, spaces: number): string {
  const own = line.length - line.trimStart().length;
  return line.slice(Math.min(spaces, own));
}
