/**
 * The two kinds of what a page is told: parts that replace what was said before, and rows
 * that follow it. Both know what is new to a page from a number that the page's viewer keeps, so
 * that a page that is slow costs no memory.
 *
 * @module
 */

/** A value of which only the newest counts, as JSON. */
export class Part<T> {
  #json = "null";
  #version = 0;

  /** Rises whenever the value changes; 0 before the first. */
  get version(): number {
    return this.#version;
  }

  /** The value, as JSON. */
  get json(): string {
    return this.#json;
  }

  /** Sets the value. */
  set(value: T): void {
    const json = JSON.stringify(value);
    if (json === this.#json) return;
    this.#json = json;
    this.#version++;
  }
}

/** What is new in a {@linkcode Tail}. */
export interface News {
  /** The rows, as a JSON array. */
  readonly json: string;
  /** Whether there is anything to tell. */
  readonly any: boolean;
  /** Rows that are gone already. */
  readonly missed: number;
  /** Where to go on from. */
  readonly next: number;
}

/** The last rows of an endless list. */
export class Tail<T> {
  readonly #rows: T[] = [];
  readonly #capacity: number;
  #end = 0;

  /** @param capacity Rows that are kept. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Number of the row that comes next. */
  get end(): number {
    return this.#end;
  }

  /** Adds a row. */
  push(row: T): void {
    this.#rows[this.#end % this.#capacity] = row;
    this.#end++;
  }

  /**
   * The rows from a number on.
   *
   * @param start Where to begin; the first that is still there for one that is gone.
   */
  since(start: number): News {
    const first = Math.max(start, this.#end - this.#capacity);
    const rows: T[] = [];
    for (let n = first; n < this.#end; n++) rows.push(this.#rows[n % this.#capacity]!);
    return {
      json: JSON.stringify(rows),
      any: rows.length > 0,
      // A page that has just come has missed nothing.
      missed: start === 0 ? 0 : first - start,
      next: this.#end,
    };
  }
}
