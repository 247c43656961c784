/**
 * Shows how far a long piece of work is: one line drawn again and again on a
 * terminal, a line now and then elsewhere.
 *
 * @module
 */

import type { Output } from "./output.ts";

const REDRAW_MS = 1000;
const LINE_MS = 10_000;

/** What to show. */
export interface ProgressState {
  /** What is being done. */
  readonly what: string;
  /** Steps done; left out where there are none. */
  readonly done?: number | undefined;
  /** Steps in all; left out while it is not known. */
  readonly total?: number | undefined;
}

/** Shows the progress of one piece of work until it is disposed. */
export class Progress implements Disposable {
  readonly #output: Output;
  readonly #start = performance.now();
  readonly #timer: ReturnType<typeof setInterval>;
  #state: ProgressState;
  /** What takes less than a second needs no line where there is no terminal. */
  #lastLine = performance.now() + REDRAW_MS - LINE_MS;

  /**
   * @param output Where to show it.
   * @param state What to show first.
   */
  constructor(output: Output, state: ProgressState) {
    this.#output = output;
    this.#state = state;
    this.#timer = setInterval(() => this.#show(), REDRAW_MS);
    this.#show();
  }

  /** Time since the start, in seconds. */
  get elapsedS(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** Shows a new state. */
  update(state: ProgressState): void {
    this.#state = state;
    this.#show();
  }

  /** Takes the line off the terminal. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#output.draw([]);
  }

  #show(): void {
    const text = progressText(this.#state, this.elapsedS);
    if (this.#output.isTerminal) return this.#output.draw([text]);
    const now = performance.now();
    if (now - this.#lastLine < LINE_MS) return;
    this.#lastLine = now;
    this.#output.line(text);
  }
}

/** One line of progress, such as "Compiling hftbacktest (45 of 88), 62 s". */
export function progressText({ what, done, total }: ProgressState, elapsedS: number): string {
  const steps = done === undefined ? "" : ` (${done}${total === undefined ? "" : ` of ${total}`})`;
  return `${what}${steps}, ${Math.floor(elapsedS)} s`;
}
