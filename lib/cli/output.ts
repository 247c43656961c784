/**
 * Standard output and standard error, written in the order of the calls without
 * ever blocking the event loop: a terminal that was paused with Ctrl+S must not
 * stop a market data pump.
 *
 * @module
 */

import type { LogLevel } from "../log.ts";
import { CLEAR_BELOW, cursorUp, type Style, styles, truncate } from "./ansi.ts";

/** Where a command writes. */
export interface Output {
  /** Whether it is a terminal whose lines can be drawn again. */
  readonly isTerminal: boolean;
  /** Colours, or none. */
  readonly style: Style;
  /** Its width and height in characters; 80 by 24 where there is no terminal. */
  size(): { readonly columns: number; readonly rows: number };
  /** Writes text as it is; what is written to standard error like this is in no log file. */
  write(text: string): void;
  /**
   * Writes a line. Lines of standard error go to the log file as well.
   *
   * @param text The line, or several.
   * @param level What the log file takes it for. @default "info"
   */
  line(text?: string, level?: LogLevel): void;
  /**
   * Draws lines that stand below all others until they are drawn anew; none takes them away. Does
   * nothing where there is no terminal, or while something is still on its way to it: what
   * waits would only be older than the next.
   */
  draw(lines: readonly string[]): void;
  /** Resolves when all that was written is out: for writers of more than the memory may hold. */
  flush(): Promise<void>;
}

/** Writes a value as JSON: laid out for a reader on a terminal, on one line for a program. */
export function writeJson(output: Output, value: unknown): void {
  output.line(JSON.stringify(value, null, output.isTerminal ? 2 : 0));
}

/** A standard stream of the process. */
interface Stream {
  write(bytes: Uint8Array): Promise<number>;
  isTerminal(): boolean;
}

/** What {@linkcode StandardOutputs} tells. */
export interface OutputListeners {
  /** Called once when standard output takes no more: closed, or its disk is full. */
  onFailure(): void;
  /** Called for each line of standard error. */
  onNotice(text: string, level: LogLevel): void;
}

/** Standard output and standard error of this process, written in one order. */
export class StandardOutputs {
  /** Standard output. */
  readonly stdout: Output;
  /** Standard error. */
  readonly stderr: Output;
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  #failure: Error | undefined;
  /** Takes away what is drawn; undefined while nothing is. */
  #erase: (() => void) | undefined;
  readonly #listeners: OutputListeners;

  /** @param listeners Who is told of what. */
  constructor(listeners: OutputListeners) {
    this.#listeners = listeners;
    this.stdout = this.#output(Deno.stdout, () => {});
    this.stderr = this.#output(Deno.stderr, (text, level) => listeners.onNotice(text, level));
  }

  /** Why standard output takes no more; undefined while it does. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Resolves when everything written so far is out. */
  async flush(): Promise<void> {
    await this.#tail;
  }

  #output(stream: Stream, onLine: (text: string, level: LogLevel) => void): Output {
    const isTerminal = stream.isTerminal() && !isDumb();
    let last = this.#tail;
    const push = (text: string): void => void (last = this.#push(text, stream));
    const write = (text: string): void => {
      // Both streams may be the one terminal on which something is drawn.
      this.#erase?.();
      push(text);
    };
    return {
      isTerminal,
      style: styles(isTerminal && !Deno.noColor),
      size,
      write,
      line: (text = "", level = "info") => {
        write(`${text}\n`);
        onLine(text, level);
      },
      draw: (lines) => {
        if (!isTerminal || (lines.length > 0 && this.#waiting > 0)) return;
        this.#erase?.();
        if (lines.length === 0) return;
        const { columns } = size();
        // A line that wraps would take two rows and spoil the way back up.
        push(lines.map((line) => truncate(line, columns - 1)).join("\n"));
        this.#erase = () => {
          this.#erase = undefined;
          push(`${cursorUp(lines.length - 1)}${CLEAR_BELOW}`);
        };
      },
      flush: async () => await last,
    };
  }

  #push(text: string, stream: Stream): Promise<void> {
    this.#waiting++;
    this.#tail = this.#tail
      .then(() => this.#writeAll(new TextEncoder().encode(text), stream))
      .finally(() => this.#waiting--);
    return this.#tail;
  }

  async #writeAll(bytes: Uint8Array, stream: Stream): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) at += await stream.write(bytes.subarray(at));
    } catch (error) {
      // Without standard error there is nobody to tell.
      if (stream !== Deno.stdout || this.#failure) return;
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#listeners.onFailure();
    }
  }
}

function size(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    if (columns > 0 && rows > 0) return { columns, rows };
  } catch {
    // No terminal on any stream.
  }
  return { columns: 80, rows: 24 };
}

/** Whether the terminal says that it knows no codes; asked only where that needs no prompt. */
function isDumb(): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "TERM" });
  return state === "granted" && Deno.env.get("TERM") === "dumb";
}
