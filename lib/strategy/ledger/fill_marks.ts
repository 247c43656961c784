/**
 * Where executions were, for a chart.
 *
 * @module
 */

/** One or several executions of one side that lie close together in time. */
export interface FillMark {
  /** Seconds since the start, of the last of them. */
  readonly timeS: number;
  /** Average price by quantity, in quote currency. */
  readonly price: number;
  /** Quantity of all of them, in base units. */
  readonly qty: number;
  /** How many. */
  readonly count: number;
}

/** The executions of one side; neighbours become one mark when there are too many. */
export class FillMarks {
  readonly #capacity: number;
  #marks: FillMark[] = [];

  /** @param capacity Most marks. */
  constructor(capacity = 512) {
    this.#capacity = capacity;
  }

  /** The marks, oldest first. */
  get marks(): readonly FillMark[] {
    return this.#marks;
  }

  /** Adds an execution. */
  add(timeS: number, price: number, qty: number): void {
    if (this.#marks.length >= this.#capacity) this.#merge();
    this.#marks.push({ timeS, price, qty, count: 1 });
  }

  #merge(): void {
    const merged: FillMark[] = [];
    for (let i = 0; i < this.#marks.length; i += 2) {
      const a = this.#marks[i]!;
      const b = this.#marks[i + 1];
      merged.push(b === undefined ? a : together(a, b));
    }
    this.#marks = merged;
  }
}

function together(a: FillMark, b: FillMark): FillMark {
  const qty = a.qty + b.qty;
  const price = (a.price * a.qty + b.price * b.qty) / qty;
  return { timeS: b.timeS, price, qty, count: a.count + b.count };
}
