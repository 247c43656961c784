/**
 * Shows a running watch: on a terminal as a block that is drawn again in place,
 * elsewhere as a line a second.
 *
 * @module
 */

import { CLEAR_BELOW, cursorUp, truncate } from "../ansi.ts";
import type { Output } from "../output.ts";
import type { HealthNotice } from "./health_log.ts";
import type { WatchReport } from "./report.ts";
import { blockLines, plainLine } from "./view.ts";

const LINE_INTERVAL_S = 1;

/** Where to show it. */
export interface DisplayOptions {
  /** Where the statistics go. */
  readonly stdout: Output;
  /** Where notices go. */
  readonly stderr: Output;
  /** "live" for statistics and notices, "notices" for these alone, "none" for nothing. */
  readonly show: "live" | "notices" | "none";
}

/** Shows a running watch. */
export class Display {
  readonly #options: DisplayOptions;
  /** Lines of the block on the screen, with the cursor below them. */
  #drawn = 0;
  #nextLineS = LINE_INTERVAL_S;

  /** @param options Where to show it. */
  constructor(options: DisplayOptions) {
    this.#options = options;
  }

  /** Shows what there is now. */
  update(report: WatchReport): void {
    const { stdout, show } = this.#options;
    // What is still on its way would only be older than the next.
    if (show !== "live" || stdout.busy) return;
    if (stdout.isTerminal) this.#draw(report);
    else this.#addLines(report);
  }

  /** Tells what has happened; the block is drawn again below it. */
  notice({ text, good }: HealthNotice): void {
    const { stderr, show } = this.#options;
    if (show === "none") return;
    this.#erase();
    const { green, yellow } = stderr.style;
    stderr.line(good ? green(text) : yellow(text));
  }

  /** Takes the block off the terminal. */
  end(): void {
    this.#erase();
  }

  #draw(report: WatchReport): void {
    const { stdout } = this.#options;
    const { columns, rows } = stdout.size();
    const lines = blockLines(report, { columns, rows, style: stdout.style })
      // A line that wraps would take two rows and spoil the way back up.
      .map((line) => truncate(line, columns - 1));
    stdout.write(`${cursorUp(this.#drawn)}${CLEAR_BELOW}${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }

  #addLines(report: WatchReport): void {
    if (report.durationS < this.#nextLineS) return;
    this.#nextLineS = Math.floor(report.durationS / LINE_INTERVAL_S + 1) * LINE_INTERVAL_S;
    for (const instrument of report.instruments) {
      this.#options.stdout.line(plainLine(report, instrument));
    }
  }

  #erase(): void {
    if (this.#drawn > 0) this.#options.stdout.write(`${cursorUp(this.#drawn)}${CLEAR_BELOW}`);
    this.#drawn = 0;
  }
}
