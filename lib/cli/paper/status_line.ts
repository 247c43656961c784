/**
 * One line about something that runs: drawn again in place on a terminal, a new one each time elsewhere.
 *
 * @module
 */

import { CLEAR_BELOW, type Style, truncate } from "../ansi.ts";
import type { Output } from "../output.ts";

/** Where to show it. */
export interface StatusLineOptions {
  /** Where the line goes. */
  readonly stdout: Output;
  /** Where notes go. */
  readonly stderr: Output;
  /** "live" for the line and notes, "notes" without the line, "none" for nothing. */
  readonly show: "live" | "notes" | "none";
}

/** Shows one line, and notes above it. */
export class StatusLine implements Disposable {
  readonly #options: StatusLineOptions;
  #isDrawn = false;

  /** @param options Where to show it. */
  constructor(options: StatusLineOptions) {
    this.#options = options;
  }

  /** Colours of notes, or none. */
  get style(): Style {
    return this.#options.stderr.style;
  }

  /** Shows how it is now. */
  update(text: string): void {
    const { stdout, show } = this.#options;
    // What is still on its way would only be older than the next.
    if (show !== "live" || stdout.busy) return;
    if (!stdout.isTerminal) return stdout.line(text);
    stdout.write(`\r${truncate(text, stdout.size().columns - 1)}${CLEAR_BELOW}`);
    this.#isDrawn = true;
  }

  /** Tells what has happened, unless nothing is to be shown. */
  note(text: string): void {
    if (this.#options.show !== "none") this.print(text);
  }

  /** Prints what was asked for. */
  print(text: string): void {
    this.end();
    this.#options.stderr.line(text);
  }

  /** Takes the line off the terminal. */
  end(): void {
    if (this.#isDrawn) this.#options.stdout.write(`\r${CLEAR_BELOW}`);
    this.#isDrawn = false;
  }

  /** The same as {@linkcode end}. */
  [Symbol.dispose](): void {
    this.end();
  }
}
