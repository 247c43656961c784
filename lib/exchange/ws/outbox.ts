/**
 * Messages on their way out, where they can be held up.
 *
 * @module
 */

/** Most messages that may be held up; market data beyond it is dropped, and counted. */
const MAX_HELD = 100_000;

interface Held {
  readonly dueMs: number;
  readonly send: () => void;
}

/** Sends in order, each message after the delay that was set when it came. */
export class Outbox {
  /** Delay of what comes from now on, ms. */
  delayMs = 0;
  /** Messages that were dropped because too many were held up. */
  dropped = 0;

  readonly #isBounded: boolean;
  #queue: Held[] = [];
  /** Place of the first message that still waits. */
  #first = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #holds = 0;

  /** @param isBounded Whether messages may be dropped when too many are held up. */
  constructor(isBounded: boolean) {
    this.#isBounded = isBounded;
  }

  /** Sends now, or when what came before is sent and its own delay is over. */
  push(send: () => void): void {
    const waiting = this.#queue.length - this.#first;
    if (this.delayMs === 0 && waiting === 0 && this.#holds === 0) {
      send();
      return;
    }
    if (this.#isBounded && waiting >= MAX_HELD) {
      this.dropped++;
      return;
    }
    const last = this.#queue.at(-1)?.dueMs ?? 0;
    this.#queue.push({ dueMs: Math.max(last, performance.now() + this.delayMs), send });
    this.#schedule();
  }

  /** Holds everything back until as many calls of {@linkcode release} have come. */
  hold(): void {
    this.#holds++;
  }

  /** Ends a hold; what was held back is sent in a later turn of the event loop. */
  release(): void {
    this.#holds--;
    this.#schedule();
  }

  /** Forgets what is held up. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#queue = [];
    this.#first = 0;
  }

  #schedule(): void {
    const first = this.#queue[this.#first];
    if (first === undefined || this.#timer !== undefined || this.#holds > 0) return;
    const waitMs = Math.max(0, first.dueMs - performance.now());
    this.#timer = setTimeout(() => this.#sendDue(), waitMs);
  }

  #sendDue(): void {
    this.#timer = undefined;
    if (this.#holds > 0) return;
    const now = performance.now();
    for (;;) {
      const held = this.#queue[this.#first];
      if (held === undefined || held.dueMs > now) break;
      this.#first++;
      held.send();
    }
    // What was sent is let go of in large pieces: taking it out one by one would be slow.
    if (this.#first * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    this.#schedule();
  }
}
