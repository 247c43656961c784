/**
 * What waits for a consumer: objects, in a queue that grows or drops its oldest.
 *
 * @module
 */

/** A queue as its consumer sees it. */
export interface Buffer<T> {
  /** How many items wait. */
  readonly size: number;
  /** Takes the oldest item; undefined when there is none. */
  shift(): T | undefined;
  /** Forgets all items. */
  clear(): void;
}

/** A first-in first-out queue of objects on a ring that doubles when it is full. */
export class ObjectQueue<T> implements Buffer<T> {
  readonly #limit: number;
  #items: (T | undefined)[] = new Array(16);
  #head = 0;
  #size = 0;

  /** @param limit Most items; beyond it the oldest is dropped. Unlimited by default. */
  constructor(limit: number = Infinity) {
    this.#limit = limit;
  }

  /** How many items wait. */
  get size(): number {
    return this.#size;
  }

  /** The oldest item, which stays; undefined when there is none. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /**
   * Appends an item.
   *
   * @returns Whether the oldest had to be dropped for it.
   */
  push(item: T): boolean {
    const drop = this.#size >= this.#limit;
    if (drop) this.shift();
    if (this.#size === this.#items.length) this.#grow();
    this.#items[(this.#head + this.#size) & (this.#items.length - 1)] = item;
    this.#size++;
    return drop;
  }

  /** Takes the oldest item; undefined when there is none. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#size--;
    return item;
  }

  /** Forgets all items. */
  clear(): void {
    this.#items = new Array(16);
    this.#head = 0;
    this.#size = 0;
  }

  #grow(): void {
    const wrapped = this.#items.slice(0, this.#head);
    this.#items = this.#items.slice(this.#head).concat(wrapped);
    this.#items.length *= 2;
    this.#head = 0;
  }
}
