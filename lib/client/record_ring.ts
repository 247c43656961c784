/**
 * Market events that wait for a consumer, packed as the records they came as.
 *
 * @module
 */

import type { BotEvent } from "../model/events.ts";
import { EventBatch } from "../bot/batch.ts";
import { HEADER, RECORD, RECORD_SIZE } from "../bot/record.ts";
import type { Buffer } from "./buffer.ts";

const WORDS = RECORD_SIZE / 4;
const DOUBLES = RECORD_SIZE / 8;
const PRICE = RECORD.price / 8;
const QTY = RECORD.qty / 8;

/** A batch's memory, as words and as doubles. */
interface Memory {
  readonly batch: EventBatch;
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
}

/**
 * A bounded queue of market records and batch marks that drops its oldest. What such a record
 * says is in its first 40 bytes; they are copied in, and become an object only when taken.
 */
export class RecordRing<T extends BotEvent> implements Buffer<T> {
  readonly #capacity: number;
  readonly #accepts: (event: BotEvent) => event is T;
  /** A batch as storage, since it knows how to read a record. Made with the first record. */
  #store: Memory | undefined;
  #source: Memory | undefined;
  #head = 0;
  #size = 0;

  /**
   * @param capacity Most records.
   * @param accepts Tells the type of the events that are put in.
   */
  constructor(capacity: number, accepts: (event: BotEvent) => event is T) {
    this.#capacity = capacity;
    this.#accepts = accepts;
  }

  /** How many records wait. */
  get size(): number {
    return this.#size;
  }

  /**
   * Appends a copy of record `i` of a batch.
   *
   * @returns Whether the oldest record had to be dropped for it.
   */
  push(batch: EventBatch, i: number): boolean {
    const store = this.#store ??= this.#allocate();
    const source = this.#source?.batch === batch ? this.#source : this.#source = memoryOf(batch);
    const drop = this.#size === this.#capacity;
    if (drop) this.#advance();
    let slot = this.#head + this.#size;
    if (slot >= this.#capacity) slot -= this.#capacity;
    // Written out: a loop takes twice as long, set(subarray()) ten times.
    const { words, doubles } = source;
    const word = (i + 1) * WORDS;
    const toWord = (slot + 1) * WORDS;
    store.words[toWord] = words[word]!;
    store.words[toWord + 1] = words[word + 1]!;
    store.words[toWord + 2] = words[word + 2]!;
    store.words[toWord + 3] = words[word + 3]!;
    store.words[toWord + 4] = words[word + 4]!;
    store.words[toWord + 5] = words[word + 5]!;
    const double = (i + 1) * DOUBLES;
    const toDouble = (slot + 1) * DOUBLES;
    store.doubles[toDouble + PRICE] = doubles[double + PRICE]!;
    store.doubles[toDouble + QTY] = doubles[double + QTY]!;
    this.#size++;
    return drop;
  }

  /** Takes the oldest record as an object; undefined when there is none. */
  shift(): T | undefined {
    if (this.#size === 0 || this.#store === undefined) return undefined;
    const event = this.read(this.#store.batch, this.#head);
    this.#advance();
    return event;
  }

  /** Record `i` of a batch as an object. */
  read(batch: EventBatch, i: number): T {
    const event = batch.event(i);
    if (!this.#accepts(event)) throw new TypeError(`Cannot queue event: type ${event.type}`);
    return event;
  }

  /** Forgets all records. */
  clear(): void {
    this.#head = 0;
    this.#size = 0;
  }

  #advance(): void {
    this.#head = this.#head + 1 === this.#capacity ? 0 : this.#head + 1;
    this.#size--;
  }

  #allocate(): Memory {
    const store = memoryOf(new EventBatch(this.#capacity));
    store.words[HEADER.length / 4] = this.#capacity;
    return store;
  }
}

function memoryOf(batch: EventBatch): Memory {
  const { buffer } = batch.bytes;
  return { batch, words: new Uint32Array(buffer), doubles: new Float64Array(buffer) };
}
