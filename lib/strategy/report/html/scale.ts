/**
 * Axes: from values to places, and where to mark them.
 *
 * @module
 */

/** A stretch of values. */
export interface Range {
  /** Smallest value. */
  readonly min: number;
  /** Largest value. */
  readonly max: number;
}

/** A marked value. */
export interface Tick {
  /** Where it is. */
  readonly value: number;
  /** What is written there. */
  readonly label: string;
}

/** The stretch that holds all values; one of some width even where they are all the same. */
export function rangeOf(values: Iterable<number>): Range {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return { min: 0, max: 1 };
  const room = min === max ? Math.abs(min) * 1e-3 || 1 : (max - min) * 0.05;
  return { min: min - room, max: max + room };
}

/** About `count` round values within a stretch, each with the decimals that tell them apart. */
export function roundTicks({ min, max }: Range, count: number): Tick[] {
  const step = roundStep((max - min) / count);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: Tick[] = [];
  for (let i = Math.ceil(min / step); i * step <= max; i++) {
    // Adding 0 turns -0 into 0.
    const value = i * step + 0;
    ticks.push({ value, label: grouped(value, decimals) });
  }
  return ticks;
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below a width. */
function roundStep(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= width * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function grouped(value: number, decimals: number): string {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** Five points of time from 0 to the end, as "15 s", "1:30" or "2:05:00". */
export function timeTicks(durationS: number): Tick[] {
  return [0, 1, 2, 3, 4].map((quarter) => {
    const value = durationS * quarter / 4;
    return { value, label: elapsed(value, durationS) };
  });
}

function elapsed(seconds: number, durationS: number): string {
  if (durationS < 120) {
    const decimals = durationS < 0.4 ? 3 : durationS < 40 ? 1 : 0;
    return `${seconds.toFixed(decimals)} s`;
  }
  const whole = Math.round(seconds);
  const pad = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const rest = `${pad(minutes)}:${pad(whole % 60)}`;
  const hours = Math.floor(whole / 3600);
  return durationS < 3600 ? rest : `${hours}:${rest}`;
}
