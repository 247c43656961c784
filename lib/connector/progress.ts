/**
 * What cargo tells while it builds.
 *
 * @module
 */

/** A crate that cargo has built, or found built. */
export interface CargoArtifact {
  /** Name of the target, such as "hftlive". */
  readonly name: string;
  /** Kinds of the target, such as "cdylib" or "bin". */
  readonly kinds: readonly string[];
  /** The files it made. */
  readonly filenames: readonly string[];
  /** The program it made, for a "bin". */
  readonly executable: string | undefined;
  /** Whether it was up to date already. */
  readonly fresh: boolean;
}

/** How far a build is. */
export interface BuildProgress {
  /** Steps done. */
  readonly done: number;
  /** Steps in all; undefined before cargo has said it. */
  readonly total: number | undefined;
  /** What was finished last, such as "serde"; while waiting, what for. */
  readonly name: string;
  /** Whether another cargo is in the way, and this one waits for it to end. */
  readonly waiting: boolean;
}

/** What cargo's progress bar says. */
export interface ProgressBar {
  /** Steps done. */
  readonly done: number;
  /** Steps in all. */
  readonly total: number;
}

/**
 * Reads one line of `--message-format=json-render-diagnostics`.
 *
 * @returns The artifact it tells of, or undefined for any other line.
 */
export function parseArtifact(line: string): CargoArtifact | undefined {
  // Build scripts may print anything.
  if (!line.startsWith("{")) return undefined;
  const message = parseJson(line);
  if (!isRecord(message) || message.reason !== "compiler-artifact") return undefined;
  const { target, filenames, executable, fresh } = message;
  if (!isRecord(target) || typeof target.name !== "string") return undefined;
  return {
    name: target.name,
    kinds: strings(target.kind),
    filenames: strings(filenames),
    executable: typeof executable === "string" ? executable : undefined,
    fresh: fresh === true,
  };
}

/**
 * Reads the bar that cargo draws on stderr, as `Building [==>  ] 12/88: serde`.
 *
 * @returns Steps done and in all, or undefined for any other line.
 */
export function parseProgressBar(line: string): ProgressBar | undefined {
  const match = /^\s*Building \[[=> ]*\] (\d+)\/(\d+)/.exec(line);
  return match ? { done: Number(match[1]), total: Number(match[2]) } : undefined;
}

/**
 * Reads the line with which cargo tells that another one is in the way, as
 * `Blocking waiting for file lock on build directory`.
 *
 * @returns What it waits for, or undefined for any other line.
 */
export function parseBlocking(line: string): string | undefined {
  return /^\s*Blocking waiting for (.+)$/.exec(line)?.[1];
}

/** A longer line is cut where it is kept. */
const MAX_LINE = 2_000;

/** Keeps what a failed build must tell: its first error and the end of its output. */
export class BuildOutput {
  readonly #maxLines: number;
  readonly #tail: string[] = [];
  #firstError: string[] = [];
  #inFirstError = false;

  /** @param maxLines Most lines of output and of the first error that are kept. */
  constructor(maxLines: number = 60) {
    this.#maxLines = maxLines;
  }

  /** The first error in full; empty when there was none. */
  get firstError(): string {
    return this.#firstError.join("\n");
  }

  /** The last lines of the output. */
  get tail(): string {
    return this.#tail.join("\n");
  }

  /** Takes a line of cargo's stderr that is no progress bar. */
  add(text: string): void {
    const line = text.slice(0, MAX_LINE);
    this.#tail.push(line);
    if (this.#tail.length > this.#maxLines) this.#tail.shift();
    if (this.#firstError.length === 0) this.#inFirstError = /^error(\[\w+\])?:/.test(line);
    else if (line === "" || this.#firstError.length === this.#maxLines) this.#inFirstError = false;
    if (this.#inFirstError) this.#firstError.push(line);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
