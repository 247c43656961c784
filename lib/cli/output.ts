/**
 * Standard output and standard error, written in the order of the calls without
 * ever blocking the event loop: a terminal that was paused with Ctrl+S must not
 * stop a market data pump.
 *
 * @module
 */

import { type Style, styles } from "./ansi.ts";

/** Where a command writes. */
export interface Output {
  /** Whether it is a terminal whose lines can be drawn again. */
  readonly isTerminal: boolean;
  /** Colours, or none. */
  readonly style: Style;
  /** Whether something is still on its way: the moment to leave out a redraw. */
  readonly busy: boolean;
  /** Its width and height in characters; 80 by 24 where there is no terminal. */
  size(): { readonly columns: number; readonly rows: number };
  /** Writes text as it is. */
  write(text: string): void;
  /** Writes a line. */
  line(text?: string): void;
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

/** Standard output and standard error of this process, written in one order. */
export class StandardOutputs {
  /** Standard output. */
  readonly stdout: Output;
  /** Standard error. */
  readonly stderr: Output;
  #tail: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  readonly #onFailure: () => void;

  /** @param onFailure Called once when standard output takes no more: closed, or its disk is full. */
  constructor(onFailure: () => void) {
    this.#onFailure = onFailure;
    this.stdout = new StreamOutput(Deno.stdout, (text) => this.#push(text, Deno.stdout));
    this.stderr = new StreamOutput(Deno.stderr, (text) => this.#push(text, Deno.stderr));
  }

  /** Why standard output takes no more; undefined while it does. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Resolves when everything written so far is out. */
  async flush(): Promise<void> {
    await this.#tail;
  }

  #push(text: string, stream: Stream): Promise<void> {
    this.#tail = this.#tail.then(() => this.#writeAll(new TextEncoder().encode(text), stream));
    return this.#tail;
  }

  async #writeAll(bytes: Uint8Array, stream: Stream): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) at += await stream.write(bytes.subarray(at));
    } catch (error) {
      // Without standard error there is nobody to tell.
      if (stream !== Deno.stdout || this.#failure) return;
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#onFailure();
    }
  }
}

class StreamOutput implements Output {
  readonly isTerminal: boolean;
  readonly style: Style;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();
  readonly #push: (text: string) => Promise<void>;

  constructor(stream: Stream, push: (text: string) => Promise<void>) {
    this.isTerminal = stream.isTerminal() && !isDumb();
    this.style = styles(this.isTerminal && !Deno.noColor);
    this.#push = push;
  }

  get busy(): boolean {
    return this.#waiting > 0;
  }

  size(): { columns: number; rows: number } {
    try {
      const { columns, rows } = Deno.consoleSize();
      if (columns > 0 && rows > 0) return { columns, rows };
    } catch {
      // No terminal on any stream.
    }
    return { columns: 80, rows: 24 };
  }

  write(text: string): void {
    this.#waiting++;
    this.#last = this.#push(text).finally(() => this.#waiting--);
  }

  line(text = ""): void {
    this.write(`${text}\n`);
  }

  async flush(): Promise<void> {
    await this.#last;
  }
}

/** Whether the terminal says that it knows no codes; asked only where that needs no prompt. */
function isDumb(): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "TERM" });
  return state === "granted" && Deno.env.get("TERM") === "dumb";
}
