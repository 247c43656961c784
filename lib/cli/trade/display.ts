/**
 * Shows a running strategy: on a terminal as a line that is drawn again in place, elsewhere
 * as a line a second.
 *
 * @module
 */

import type { RunProgress } from "../../strategy/run_options.ts";
import { CLEAR_BELOW, truncate } from "../ansi.ts";
import { formatCount } from "../../format.ts";
import type { Output } from "../output.ts";

/** Where to show it. */
export interface TradeDisplayOptions {
  /** Where progress goes. */
  readonly stdout: Output;
  /** Where notices and logs go. */
  readonly stderr: Output;
  /** "live" for progress, notices and logs, "notices" without progress, "none" for nothing. */
  readonly show: "live" | "notices" | "none";
}

/** Shows a running strategy. */
export class TradeDisplay {
  readonly #options: TradeDisplayOptions;
  #drawn = false;

  /** @param options Where to show it. */
  constructor(options: TradeDisplayOptions) {
    this.#options = options;
  }

  /** Shows how far it is. */
  progress(progress: RunProgress): void {
    const { stdout, show } = this.#options;
    // What is still on its way would only be older than the next.
    if (show !== "live" || stdout.busy) return;
    const line = progressLine(progress);
    if (!stdout.isTerminal) return stdout.line(line);
    stdout.write(`\r${truncate(line, stdout.size().columns - 1)}${CLEAR_BELOW}`);
    this.#drawn = true;
  }

  /** Shows what the strategy says. */
  log(message: string): void {
    this.#line(message);
  }

  /** Shows what happened to its connection. */
  notice(notice: string): void {
    this.#line(this.#options.stderr.style.yellow(notice));
  }

  /** Takes the line off the terminal. */
  end(): void {
    if (this.#drawn) this.#options.stdout.write(`\r${CLEAR_BELOW}`);
    this.#drawn = false;
  }

  #line(text: string): void {
    const { stderr, show } = this.#options;
    if (show === "none") return;
    this.end();
    stderr.line(text);
  }
}

/** How far a strategy is, in one line. */
export function progressLine(progress: RunProgress): string {
  const { durationS, events, submitted, fills, equity } = progress;
  return [
    `${durationS.toFixed(1)} s`.padStart(10),
    `events ${formatCount(events)}`,
    `orders ${formatCount(submitted)}`,
    `fills ${formatCount(fills)}`,
    `equity ${equity.toFixed(4)}`,
  ].join("  ");
}
