/**
 * Where executions were, for a chart.
 *
 * @module
 */

/** One or several executions of one side that lie close together in time. */
export interface FillMark {
  /** Seconds since the start, of the first of them. */
  readonly timeS: number;
  /** Average price by quantity, in quote currency. */
  readonly price: number;
  /** Quantity of all of them, in base units. */
  readonly qty: number;
  /** How many. */
  readonly count: number;
}

/**
 * The executions of one side. When there are too many, those in the same stretch of time become one
 * mark, and the stretches get longer until there is room.
 */
export class FillMarks {
  readonly #capacity: number;
  #marks: FillMark[] = [];
  /** Length of a stretch, seconds. */
  #widthS = 1e-3;

  /** @param capacity Most marks. */
  constructor(capacity = 256) {
    this.#capacity = capacity;
  }

  /** The marks, oldest first. */
  get marks(): readonly FillMark[] {
    return this.#marks;
  }

  /** Adds an execution, which is not before the last one. */
  add(timeS: number, price: number, qty: number): void {
    this.#push({ timeS, price, qty, count: 1 });
    while (this.#marks.length > this.#capacity) this.#merge();
  }

  #push(mark: FillMark): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && this.#slot(mark) === this.#slot(last)) {
      this.#marks[this.#marks.length - 1] = together(last, mark);
    } else {
      this.#marks.push(mark);
    }
  }

  #merge(): void {
    this.#widthS *= 2;
    const marks = this.#marks;
    this.#marks = [];
    for (const mark of marks) this.#push(mark);
  }

  #slot({ timeS }: FillMark): number {
    return Math.floor(timeS / this.#widthS);
  }
}

function together(a: FillMark, b: FillMark): FillMark {
  const qty = a.qty + b.qty;
  const price = (a.price * a.qty + b.price * b.qty) / qty;
  return { timeS: a.timeS, price, qty, count: a.count + b.count };
}
