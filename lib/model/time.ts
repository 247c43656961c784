/**
 * Nanosecond time without a BigInt on the hot path.
 *
 * A timestamp in nanoseconds since 1970 needs 61 bits, more than a double holds
 * exactly. {@linkcode NsTime} keeps it as two 32-bit halves, so that it can be
 * advanced, compared and written into a record without allocation.
 *
 * @module
 */

const TWO_32 = 0x1_0000_0000;
const NS_PER_MS = 1_000_000;

/**
 * A mutable point in time, in nanoseconds since the Unix epoch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { NsTime } from "@hftlive/hftlive";
 *
 * const time = NsTime.from(1_700_000_000_000_000_000n);
 * time.add(1_500);
 * assertEquals(time.toBigInt(), 1_700_000_000_000_001_500n);
 * ```
 */
export class NsTime {
  /** Upper 32 bits, unsigned. */
  hi = 0;
  /** Lower 32 bits, unsigned. */
  lo = 0;

  /** A time from nanoseconds since the Unix epoch. */
  static from(ns: bigint): NsTime {
    const time = new NsTime();
    time.hi = Number(BigInt.asUintN(64, ns) >> 32n);
    time.lo = Number(ns & 0xffff_ffffn);
    return time;
  }

  /** Sets this time to the wall clock; resolution is that of `performance.now()`. */
  setNow(): this {
    const ms = performance.timeOrigin + performance.now();
    const wholeMs = Math.floor(ms);
    this.#setMs(wholeMs);
    return this.add(Math.round((ms - wholeMs) * NS_PER_MS));
  }

  /** Copies another time into this one. */
  copy(other: NsTime): this {
    this.hi = other.hi;
    this.lo = other.lo;
    return this;
  }

  /**
   * Moves this time.
   *
   * @param ns Nanoseconds to add: a whole number within ±2^52, may be negative.
   */
  add(ns: number): this {
    const sum = this.lo + ns;
    const carry = Math.floor(sum / TWO_32);
    this.hi += carry;
    this.lo = sum - carry * TWO_32;
    return this;
  }

  /** Nanoseconds from `other` to this; exact while they are less than 104 days apart. */
  since(other: NsTime): number {
    return (this.hi - other.hi) * TWO_32 + (this.lo - other.lo);
  }

  /** Nanoseconds since the Unix epoch. */
  toBigInt(): bigint {
    return (BigInt(this.hi) << 32n) | BigInt(this.lo);
  }

  #setMs(ms: number): void {
    // Each partial product stays below 2^53, so no bit is lost.
    const upper = Math.floor(ms / 0x10000);
    const lower = ms - upper * 0x10000;
    const upperNs = upper * NS_PER_MS;
    const upperHi = Math.floor(upperNs / 0x10000);
    const sum = (upperNs - upperHi * 0x10000) * 0x10000 + lower * NS_PER_MS;
    const carry = Math.floor(sum / TWO_32);
    this.hi = upperHi + carry;
    this.lo = sum - carry * TWO_32;
  }
}

/** The wall clock in nanoseconds since the Unix epoch. */
export function nowNs(): bigint {
  return new NsTime().setNow().toBigInt();
}
