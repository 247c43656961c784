/**
 * What a supervisor tells about its connectors while it runs.
 *
 * @module
 */

import { TypedEventTarget } from "../../model/typed_event_target.ts";
import type { SupervisorStateChange } from "./state.ts";

/** Most changes that wait for a reader that is slow. */
const MAX_WAITING = 10_000;

/** A connector went from one state to the next ("statechange"). */
export class SupervisorStateEvent extends CustomEvent<SupervisorStateChange> {
  /**
   * Makes an event.
   *
   * @param change What changed.
   */
  constructor(change: SupervisorStateChange) {
    super("statechange", { detail: change });
  }
}

/** Changes as they come. A reader that falls 10,000 behind loses the oldest ones. */
export interface SupervisorStateChanges extends AsyncIterable<SupervisorStateChange> {
  /** Changes that were gone before this reader had come to them. */
  readonly dropped: number;
}

/** Event types of a supervisor and their classes. */
export interface SupervisorEventMap {
  /** A connector changed its state. */
  statechange: SupervisorStateEvent;
}

/** An `EventTarget` of state changes that can be iterated over as well. */
export class SupervisorEvents extends TypedEventTarget<SupervisorEventMap> {
  readonly #readers = new Set<Reader>();
  #closed = false;

  /**
   * Follows the state changes from now on, until the supervisor has stopped.
   *
   * @param options `signal` ends it early, without an error.
   * @returns The changes, for one reader; `break` lets go of them.
   */
  changes(options: { readonly signal?: AbortSignal } = {}): SupervisorStateChanges {
    const reader = new Reader(options.signal, () => this.#readers.delete(reader));
    if (this.#closed) reader.close();
    else this.#readers.add(reader);
    return reader;
  }

  /** Tells a change to all. */
  protected tell(change: SupervisorStateChange): void {
    this.#readers.forEach((reader) => reader.push(change));
    this.dispatchEvent(new SupervisorStateEvent(change));
  }

  /** Ends all iterations, once they have read what was told. */
  protected closeChanges(): void {
    this.#closed = true;
    this.#readers.forEach((reader) => reader.close());
  }
}

class Reader implements SupervisorStateChanges {
  dropped = 0;
  readonly #waiting: SupervisorStateChange[] = [];
  readonly #signal: AbortSignal | undefined;
  readonly #release: () => void;
  readonly #close = (): void => this.close();
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(signal: AbortSignal | undefined, release: () => void) {
    this.#signal = signal;
    this.#release = release;
    if (signal?.aborted) this.#closed = true;
    signal?.addEventListener("abort", this.#close, { once: true });
  }

  push(change: SupervisorStateChange): void {
    if (this.#closed) return;
    if (this.#waiting.length === MAX_WAITING) {
      this.#waiting.shift();
      this.dropped++;
    }
    this.#waiting.push(change);
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#release();
    this.#signal?.removeEventListener("abort", this.#close);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SupervisorStateChange, void, undefined> {
    try {
      while (!this.#signal?.aborted) {
        const change = this.#waiting.shift();
        if (change !== undefined) yield change;
        else if (this.#closed) return;
        else await new Promise<void>((resolve) => this.#wake = resolve);
      }
    } finally {
      this.close();
    }
  }
}
