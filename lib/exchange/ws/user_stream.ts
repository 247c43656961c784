/**
 * The account's streams.
 *
 * @module
 */

import type { Faults } from "../faults.ts";
import { Outbox } from "./outbox.ts";
import type { StreamConnection } from "./stream_connection.ts";

/** How long a message waits for the one that is to come before it, ms. */
const REORDER_WAIT_MS = 100;

/** What became of messages to the account. */
export interface UserStreamCounts {
  /** Messages that were made, whoever listens. */
  made: number;
  /** Messages that were sent a second time by a fault. */
  duplicated: number;
  /** Messages that were sent after the next one by a fault. */
  reordered: number;
  /** Messages that a silenced stream did not send. */
  withheld: number;
  /** Messages that were made while nobody listened. */
  unheard: number;
}

/** Sends the account's messages to everyone who listens with a valid key. */
export class UserStream {
  /** What became of messages. */
  readonly counts: UserStreamCounts = {
    made: 0,
    duplicated: 0,
    reordered: 0,
    withheld: 0,
    unheard: 0,
  };
  /** Where messages wait when they are delayed or held back. */
  readonly outbox: Outbox = new Outbox(false);

  readonly #faults: Faults;
  readonly #listeners = new Map<StreamConnection, string>();
  #late: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param faults What is to go wrong. */
  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** Connections that listen. */
  get connections(): StreamConnection[] {
    return [...this.#listeners.keys()];
  }

  /** A connection listens with a key. */
  add(connection: StreamConnection, key: string): void {
    this.#listeners.set(connection, key);
  }

  /** A connection does not listen any more. */
  remove(connection: StreamConnection): void {
    this.#listeners.delete(connection);
  }

  /** Sends a message to those who listen. */
  publish(text: string): void {
    this.counts.made++;
    if (this.#faults.isSilent("user")) {
      this.counts.withheld++;
      return;
    }
    if (this.#late === undefined && this.#faults.takesReorder()) {
      this.counts.reordered++;
      this.#late = text;
      this.#timer = setTimeout(() => this.#sendLate(), REORDER_WAIT_MS);
      return;
    }
    this.#push(text);
    if (this.#faults.takesDuplicate()) {
      this.counts.duplicated++;
      this.#push(text);
    }
    this.#sendLate();
  }

  /** Sends a last message to those who listen with a key, which then hear nothing more. */
  end(key: string, text: string): void {
    this.outbox.push(() => {
      for (const [connection, own] of this.#listeners) {
        if (own !== key) continue;
        this.#listeners.delete(connection);
        connection.send(text);
      }
    });
  }

  /** Forgets what is held up. */
  close(): void {
    clearTimeout(this.#timer);
    this.#late = undefined;
    this.outbox.close();
  }

  #sendLate(): void {
    clearTimeout(this.#timer);
    const late = this.#late;
    this.#late = undefined;
    if (late !== undefined) this.#push(late);
  }

  #push(text: string): void {
    this.outbox.push(() => {
      if (this.#listeners.size === 0) this.counts.unheard++;
      for (const connection of this.#listeners.keys()) connection.send(text);
    });
  }
}
