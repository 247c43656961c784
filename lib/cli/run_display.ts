/**
 * Shows what goes on while a command runs: its state, drawn again in place on a terminal and a
 * line a second elsewhere, and notices above it.
 *
 * @module
 */

import type { Style } from "./ansi.ts";
import type { CommonValues } from "./common_flags.ts";
import type { Output } from "./output.ts";

/** Time between two states where there is no terminal, ms; a little less than a second's timer. */
const LINE_MS = 950;

/** The same where the state is only to tell that there is progress. */
const PROGRESS_LINE_MS = 10_000;

/**
 * What is shown: "live" for the state on stdout and notices on stderr, "notices" where stdout is for
 * one object, so that the state goes to stderr too, less often; "none" for nothing.
 */
export type Shown = "live" | "notices" | "none";

/** Where to show it. */
export interface RunDisplayOptions {
  /** Where the state goes. */
  readonly stdout: Output;
  /** Where notices go. */
  readonly stderr: Output;
  /** What is shown. */
  readonly show: Shown;
}

/** What goes on, in several forms. */
export interface RunState {
  /** For a terminal that may be drawn full. */
  block?(): readonly string[];
  /** For output that is no terminal. */
  lines?(): readonly string[];
  /** In one line. */
  line(): string;
}

/** What the flags of a command ask for. */
export function shownWith(flags: Pick<CommonValues, "quiet"> & { readonly json: boolean }): Shown {
  return flags.quiet ? "none" : flags.json ? "notices" : "live";
}

/** Shows the state of a command that runs, and notices. */
export class RunDisplay implements Disposable {
  readonly #options: RunDisplayOptions;
  #lastLineMs = performance.now();

  /** @param options Where to show it. */
  constructor(options: RunDisplayOptions) {
    this.#options = options;
  }

  /** Colours of notices, or none. */
  get style(): Style {
    return this.#options.stderr.style;
  }

  /** Shows how it is now. */
  update(state: RunState): void {
    const { stdout, stderr, show } = this.#options;
    if (show === "none") return;
    const isLive = show === "live";
    const output = isLive ? stdout : stderr;
    if (output.isTerminal) {
      output.draw(isLive ? (state.block?.() ?? [state.line()]) : [state.line()]);
      return;
    }
    const now = performance.now();
    if (now - this.#lastLineMs < (isLive ? LINE_MS : PROGRESS_LINE_MS)) return;
    this.#lastLineMs = now;
    for (const line of isLive ? (state.lines?.() ?? [state.line()]) : [state.line()]) {
      output.line(line);
    }
  }

  /** Tells what has happened, unless nothing is to be shown. */
  notice(text: string, good?: boolean): void {
    if (this.#options.show === "none") return;
    const { green, yellow } = this.#options.stderr.style;
    if (good === undefined) this.print(text);
    else if (good) this.#options.stderr.line(green(text));
    else this.#options.stderr.line(yellow(text), "warn");
  }

  /** Prints on stderr what was asked for. */
  print(text: string): void {
    this.#options.stderr.line(text);
  }

  /** Takes the state off the terminal. */
  end(): void {
    this.#options.stdout.draw([]);
    this.#options.stderr.draw([]);
  }

  /** The same as {@linkcode end}. */
  [Symbol.dispose](): void {
    this.end();
  }
}
