/**
 * Ending a connector whose parent is gone.
 *
 * A small shell reads from a pipe that only this process can write to. However this process ends,
 * by SIGKILL too, the system closes the pipe; the shell then ends the connector.
 *
 * @module
 */

import { getLogger } from "../log.ts";
import { BORN_FUNCTION, spawnShell } from "./process_identity.ts";

/** A shell that ends without being told is replaced this often; then something is wrong with it. */
const MAX_REPLACEMENTS = 10;

/** How long a shell may take to end, in ms. */
const RELEASE_MS = 2_000;

/**
 * Reads `PID GRACE` (tenths of a second), answers when the process was started, then waits for the
 * word "done" or the end of its input. Ctrl+C reaches it as well, and must not end it first.
 */
const SCRIPT = `
trap '' HUP INT PIPE QUIT TERM
${BORN_FUNCTION}
IFS=' ' read -r pid left || exit 0
born=$(born "$pid")
echo "$born"
while read -r word; do
  if [ "$word" = done ]; then exit 0; fi
done
same() {
  [ -n "$born" ] && [ "$(born "$pid")" = "$born" ]
}
same && kill -TERM "$pid"
while [ "$left" -gt 0 ] && same; do
  sleep 0.1 || sleep 1
  left=$((left - 1))
done
same && kill -KILL "$pid"
exit 0
`;

/** Ends one connector when this process has ended without having done so. */
export class ParentWatch implements AsyncDisposable {
  readonly #graceMs: number;
  readonly #ownGroup: boolean;
  #guard: Guard;
  #watched: number | undefined;
  #replacements = 0;
  #released = false;

  private constructor(graceMs: number, ownGroup: boolean) {
    this.#graceMs = graceMs;
    this.#ownGroup = ownGroup;
    this.#guard = new Guard(ownGroup);
  }

  /**
   * Starts a watch before its connector, so that there is no connector without one.
   *
   * @param graceMs How long after SIGTERM the connector gets SIGKILL.
   * @param ownGroup Whether the shell gets a process group of its own, as the connector did: who
   * kills this process with its group would otherwise leave the connector alone.
   * @returns The watch; dispose of it when the connector has ended.
   * @throws {Deno.errors.NotCapable} If the shell may not be run.
   */
  static start(graceMs: number, ownGroup = false): ParentWatch {
    return new ParentWatch(graceMs, ownGroup);
  }

  /** Process id of the shell. */
  get pid(): number {
    return this.#guard.pid;
  }

  /**
   * Watches over a child of this process.
   *
   * @param pid The child, not yet reaped.
   * @returns When it was started, as the system words it; undefined when it has ended already.
   */
  async watch(pid: number): Promise<string | undefined> {
    this.#watched = pid;
    const born = await this.#ask(pid);
    return born === "" ? undefined : born;
  }

  /** Ends the watch, and the shell. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#released = true;
    await this.#guard.release();
  }

  /** Hands the child to the shell, or to the next one if that was ended by somebody. */
  async #ask(pid: number): Promise<string> {
    for (;;) {
      const guard = this.#guard;
      const born = await guard.watch(pid, this.#graceMs);
      if (born !== undefined) {
        guard.status.then(() => this.#replace(guard)).catch(logFailure);
        return born;
      }
      await guard.release();
      if (this.#released || !this.#renew()) return "";
    }
  }

  async #replace(guard: Guard): Promise<void> {
    if (this.#released || this.#watched === undefined) return;
    await guard.release();
    if (!this.#released && this.#renew()) await this.#ask(this.#watched);
  }

  #renew(): boolean {
    const log = getLogger("connector");
    if (++this.#replacements > MAX_REPLACEMENTS) {
      log.error("Cannot watch over the connector: its shell ends again and again", {
        pid: this.#watched,
      });
      return false;
    }
    log.warn("The shell that watches over the connector was ended, starting another", {
      pid: this.#watched,
    });
    this.#guard = new Guard(this.#ownGroup);
    return true;
  }
}

/** One shell. */
class Guard {
  readonly status: Promise<Deno.CommandStatus>;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBufferLike>>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #released: Promise<void> | undefined;

  constructor(ownGroup: boolean) {
    this.#child = spawnShell(SCRIPT, {
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      detached: ownGroup,
    });
    this.status = this.#child.status;
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What the shell answers; undefined when it has ended. */
  async watch(pid: number, graceMs: number): Promise<string | undefined> {
    if (!await this.#write(`${pid} ${Math.ceil(graceMs / 100)}\n`)) return undefined;
    let text = "";
    while (!text.includes("\n")) {
      const { value, done } = await this.#output.read();
      if (done) return undefined;
      text += value;
    }
    return text.trim();
  }

  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  async #release(): Promise<void> {
    await this.#write("done\n");
    await this.#input.close().catch(ignoreClosedPipe);
    await this.#output.cancel();
    const timer = setTimeout(() => this.#kill(), RELEASE_MS);
    await this.status;
    clearTimeout(timer);
  }

  /** For a shell that was stopped by somebody and does not hear. */
  #kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async #write(text: string): Promise<boolean> {
    try {
      await this.#input.write(new TextEncoder().encode(text));
      return true;
    } catch (error) {
      ignoreClosedPipe(error);
      return false;
    }
  }
}

/** The connector goes on without a watch, which somebody has to know. */
function logFailure(error: unknown): void {
  getLogger("connector").error("Cannot watch over the connector", { error });
}

/** A shell that was ended by somebody takes no more words. */
function ignoreClosedPipe(error: unknown): void {
  if (!(error instanceof Deno.errors.BrokenPipe || error instanceof TypeError)) throw error;
}
