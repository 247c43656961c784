/**
 * Standard output of programs that run side by side, as if they had run one after the other.
 *
 * @module
 */

/** Hands out parts of standard output; each is printed when all before it are closed. */
export class OrderedOutput {
  #last: Promise<void> = Promise.resolve();
  readonly #failure = Promise.withResolvers<never>();

  constructor() {
    // Without this an error that nobody waits for yet would end the process.
    this.#failure.promise.catch(() => {});
  }

  /** Rejects when standard output is closed; never settles otherwise. */
  get failure(): Promise<never> {
    return this.#failure.promise;
  }

  /** Begins the next part with a title, after an empty line. */
  open(title: string): OutputPart {
    const part = new OutputPart(title, this.#last, this.#failure.reject);
    this.#last = part.closed;
    return part;
  }

  /** Waits until all parts are closed and printed. */
  async end(): Promise<void> {
    await Promise.race([this.#last, this.failure]);
  }
}

/** What one program prints. What comes before its turn is held. */
export class OutputPart {
  readonly #closed = Promise.withResolvers<void>();
  readonly #fail: (error: unknown) => void;
  #written: Promise<void>;
  #isPrinting = false;

  constructor(title: string, turn: Promise<void>, fail: (error: unknown) => void) {
    this.#fail = fail;
    this.#written = turn.then(() => {
      this.#isPrinting = true;
      return writeAll(new TextEncoder().encode(`\n== ${title}\n`));
    });
    this.#written.catch(fail);
  }

  /** Settles when it was closed and all of it is printed. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Prints bytes, and waits for that; if it is not its turn yet, holds them and returns at once. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#written = this.#written.then(() => writeAll(bytes));
    this.#written.catch(this.#fail);
    if (this.#isPrinting) await this.#written;
  }

  /** Ends it; the next one's turn comes when all of it is printed. */
  close(): void {
    this.#written.then(this.#closed.resolve, () => {});
  }
}

async function writeAll(bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
}
