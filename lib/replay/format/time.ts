/**
 * Times as recordings write them.
 *
 * @module
 */

import type { NsTime } from "../../model/time.ts";

const TWO_16 = 0x1_0000;
const TWO_32 = 0x1_0000_0000;
const NS_PER_MS = 1_000_000;
const NS_PER_S = 1_000_000_000;

/** Latest millisecond that nanoseconds in 64 bits can hold. */
export const MAX_MS = 9_223_372_036_853;
/** Latest second that they can hold. */
export const MAX_SECONDS = 9_223_372_035;

/**
 * Sets a time to milliseconds since the Unix epoch.
 *
 * @param time What is set, and returned.
 * @param ms A whole number from 0 to {@linkcode MAX_MS}.
 */
export function setMs(time: NsTime, ms: number): NsTime {
  return setProduct(time, ms, NS_PER_MS, 0);
}

/**
 * Sets a time to seconds and nanoseconds since the Unix epoch.
 *
 * @param time What is set, and returned.
 * @param seconds A whole number from 0 to {@linkcode MAX_SECONDS}.
 * @param ns A whole number from 0 to 999,999,999.
 */
export function setSeconds(time: NsTime, seconds: number, ns: number): NsTime {
  return setProduct(time, seconds, NS_PER_S, ns);
}

/** Each partial product stays below 2^53, so no bit is lost. */
function setProduct(time: NsTime, count: number, unitNs: number, rest: number): NsTime {
  const upper = Math.floor(count / TWO_16);
  const upperNs = upper * unitNs;
  const upperHi = Math.floor(upperNs / TWO_16);
  const sum = (upperNs - upperHi * TWO_16) * TWO_16 + (count - upper * TWO_16) * unitNs + rest;
  const carry = Math.floor(sum / TWO_32);
  time.hi = upperHi + carry;
  time.lo = sum - carry * TWO_32;
  return time;
}
