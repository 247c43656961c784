/**
 * The comment before a code block, which steers what is done with it.
 *
 * @module
 */

/** What a block may need that a machine may lack. */
export const NEEDS = [
  "native",
  "data",
  "chromium",
  "real-connector",
  "cargo",
  "python",
  "prometheus",
  "port-8787",
] as const;

/** One of {@linkcode NEEDS}. */
export type Need = typeof NEEDS[number];

/** What is to be done with a block. */
export interface Instruction {
  /** Why it is not run. */
  readonly notRun?: string;
  /** What it needs. */
  readonly needs: readonly Need[];
  /** The exit code that it has to have. */
  readonly exit: number;
  /** It goes on until the page ends; the text that it prints when what follows may begin. */
  readonly background?: string;
  /** The file that its text is saved to, for the blocks after it. */
  readonly file?: string;
  /** The name of a connector that is to run: one of the reader's own, played by sim-connector. */
  readonly connector?: string;
}

const WORD = /^(\w+)(?:=(?:"([^"]*)"|(\S+)))?(?:\s+|$)/;

/**
 * Reads a comment.
 *
 * @param comment Its text, such as `run: needs=native exit=3`; undefined if there is none.
 * @throws {Error} If it cannot be understood.
 */
export function parseInstruction(comment: string | undefined): Instruction {
  if (comment === undefined) return { needs: [], exit: 0 };
  const [, kind, rest = ""] = /^(not run|run)\s*:\s*(.*)$/.exec(comment) ?? [];
  if (kind === "not run") {
    if (rest.length < 10) throw new Error(`"not run" without a reason: ${comment}`);
    return { needs: [], exit: 0, notRun: rest };
  }
  if (kind === undefined) throw new Error(`no colon after "run": ${comment}`);
  const values = readWords(rest);
  if (values.has("background") !== values.has("until")) {
    throw new Error(`"background" and "until" come together: ${comment}`);
  }
  const until = values.get("until");
  const file = values.get("file");
  const connector = values.get("connector");
  const needs = (values.get("needs")?.split(",") ?? []).map(checkNeed);
  return {
    needs: connector === undefined ? needs : [...needs, "native"],
    exit: checkExit(values.get("exit") ?? "0"),
    ...(until === undefined ? {} : { background: until }),
    ...(file === undefined ? {} : { file: checkFile(file) }),
    ...(connector === undefined ? {} : { connector }),
  };
}

function readWords(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let rest = text;
  while (rest !== "") {
    const [whole, name, quoted, bare] = WORD.exec(rest) ?? [];
    const value = quoted ?? bare ?? "";
    if (whole === undefined || name === undefined || !isKnown(name, value)) {
      throw new Error(`cannot understand this part of the comment: ${rest}`);
    }
    if (values.has(name)) throw new Error(`given more than once: ${name}`);
    values.set(name, value);
    rest = rest.slice(whole.length);
  }
  if (values.size === 0) throw new Error("nothing after the colon");
  return values;
}

function isKnown(name: string, value: string): boolean {
  if (name === "background") return value === "";
  return ["until", "needs", "exit", "file", "connector"].includes(name) && value !== "";
}

function checkNeed(name: string): Need {
  const need = NEEDS.find((one) => one === name);
  if (need === undefined) throw new Error(`unknown need: ${name} (there are ${NEEDS.join(", ")})`);
  return need;
}

function checkExit(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new Error(`no exit code: ${text}`);
  return Number(text);
}

function checkFile(path: string): string {
  if (path.startsWith("/") || path.split("/").includes("..")) {
    throw new Error(`the file lies outside of the project: ${path}`);
  }
  return path;
}
