/**
 * Numbers as a reader wants them.
 *
 * @module
 */

/** A duration with the unit that suits its size, such as "101 us" or "1.20 ms". */
export function formatNs(ns: number): string {
  if (!Number.isFinite(ns)) return "-";
  const size = Math.abs(ns);
  if (size < 1e3) return `${ns.toFixed(0)} ns`;
  if (size < 1e6) return `${digits(ns / 1e3)} us`;
  if (size < 1e9) return `${digits(ns / 1e6)} ms`;
  return `${digits(ns / 1e9)} s`;
}

/** A size in bytes, such as "1.25 GiB". */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = bytes;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${unit === 0 ? value.toFixed(0) : digits(value)} ${units[unit]}`;
}

/** A whole number with a comma at each thousand. */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? Math.round(count).toLocaleString("en-US") : "-";
}

/** A price or quantity with as many decimals as its step has; "-" when there is none. */
export function formatStep(value: number, step: number): string {
  return Number.isFinite(value) ? value.toFixed(decimalsOf(step)) : "-";
}

/** A rate with one decimal. */
export function formatRate(rate: number): string {
  return Number.isFinite(rate) ? rate.toFixed(1) : "-";
}

/** "1 trade", "2 trades"; "2 processes" where the plural is given. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Three significant digits, without an exponent. */
function digits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}

function decimalsOf(step: number): number {
  const [mantissa = "", exponent = "0"] = String(step).split("e");
  const fraction = mantissa.split(".")[1]?.length ?? 0;
  return Math.min(20, Math.max(0, fraction - Number(exponent)));
}
