/**
 * Numbers as a reader wants them.
 */

const NONE = "-";

/**
 * Decimals of a step such as 0.001.
 *
 * @param {number} step
 */
export function decimalsOf(step) {
  const [mantissa = "", exponent = "0"] = String(step).split("e");
  const fraction = mantissa.split(".")[1]?.length ?? 0;
  return Math.min(20, Math.max(0, fraction - Number(exponent)));
}

/**
 * A price or quantity with as many decimals as its step has.
 *
 * @param {number | null | undefined} value
 * @param {number} step
 */
export function stepped(value, step) {
  return value === null || value === undefined ? NONE : grouped(value.toFixed(decimalsOf(step)));
}

/**
 * A number whose step is not known, with as many decimals as it needs.
 *
 * @param {number | null | undefined} value
 */
export function plain(value) {
  if (value === null || value === undefined) return NONE;
  return value.toLocaleString("en-US", { maximumFractionDigits: 8 });
}

/**
 * An amount of money.
 *
 * @param {number} value
 */
export function money(value) {
  return grouped(value.toFixed(2));
}

/** @param {string} digits A number in decimal digits. */
function grouped(digits) {
  const [whole = "", ...fraction] = digits.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}

/** @param {number} value */
export function count(value) {
  return grouped(value.toFixed(0));
}

const BRIEF = new Intl.NumberFormat("en-US", { notation: "compact" });

/**
 * A count in few characters, such as 10K.
 *
 * @param {number} value
 */
export function briefCount(value) {
  return BRIEF.format(value);
}

/**
 * A duration with the unit that suits its size.
 *
 * @param {number | null | undefined} ns
 */
export function duration(ns) {
  if (ns === null || ns === undefined || !Number.isFinite(ns)) return NONE;
  const size = Math.abs(ns);
  if (size < 1e3) return `${ns.toFixed(0)} ns`;
  if (size < 1e6) return `${digits(ns / 1e3)} µs`;
  if (size < 1e9) return `${digits(ns / 1e6)} ms`;
  if (size < 1e11) return `${digits(ns / 1e9)} s`;
  const seconds = Math.round(ns / 1e9);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m`;
}

/**
 * How long ago something was, without more digits than a reader can follow.
 *
 * @param {number | null | undefined} ms
 */
export function age(ms) {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NONE;
  return ms < 1_000 ? `${Math.max(0, Math.round(ms))} ms` : duration(ms * 1e6);
}

/**
 * A time of the day.
 *
 * @param {number} ms Since the Unix epoch.
 */
export function clock(ms) {
  if (!Number.isFinite(ms)) return NONE;
  const time = new Date(ms);
  const parts = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/**
 * A time of the day with milliseconds.
 *
 * @param {number} ms Since the Unix epoch.
 */
export function fineClock(ms) {
  if (!Number.isFinite(ms)) return NONE;
  return `${clock(ms)}.${String(Math.floor(ms) % 1_000).padStart(3, "0")}`;
}

/** @param {number} value */
function digits(value) {
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}
