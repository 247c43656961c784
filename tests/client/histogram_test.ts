import { assert, assertEquals } from "@std/assert";
import { Histogram } from "@hftlive/hftlive";

/** The value that a share of sorted values does not exceed. */
function exact(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

/** A deterministic source of numbers from 0 to 1. */
function* chances(seed: number): Generator<number, never> {
  let state = seed;
  while (true) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

Deno.test("an empty histogram knows nothing", () => {
  const histogram = new Histogram();
  assertEquals([histogram.count, histogram.min, histogram.max, histogram.quantile(0.5)], [
    0,
    NaN,
    NaN,
    NaN,
  ]);
});

Deno.test("small numbers are exact", () => {
  const histogram = new Histogram();
  for (let value = 0; value < 128; value++) histogram.record(value);
  for (let value = 0; value < 128; value++) {
    assertEquals(histogram.quantile((value + 1) / 128), value);
  }
});

Deno.test("quantiles are within 1 % of the exact ones, never below", () => {
  const chance = chances(7);
  for (const spread of [3, 8, 15]) {
    const histogram = new Histogram();
    const values: number[] = [];
    for (let i = 0; i < 20_000; i++) {
      const value = Math.floor(10 ** (chance.next().value * spread));
      values.push(value);
      assert(histogram.record(value));
    }
    values.sort((a, b) => a - b);
    for (const share of [0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1]) {
      const got = histogram.quantile(share);
      const wanted = exact(values, share);
      assert(got >= wanted && got <= wanted * 1.01, `${share}: ${got} for ${wanted}`);
    }
    assertEquals([histogram.min, histogram.max], [values[0], values.at(-1)]);
    assertEquals(histogram.quantile(1), values.at(-1));
  }
});

Deno.test("negative values come before positive ones", () => {
  const histogram = new Histogram();
  for (const value of [-1_000_000, -5, 0, 5, 1_000_000]) histogram.record(value);
  const lowest = histogram.quantile(0.2);
  assert(lowest >= -1_000_000 && lowest <= -990_000, String(lowest));
  assertEquals([0.4, 0.6, 0.8].map((share) => histogram.quantile(share)), [-5, 0, 5]);
  assertEquals([histogram.min, histogram.max], [-1_000_000, 1_000_000]);
});

Deno.test("the limits are recorded, what lies beyond is refused", () => {
  const histogram = new Histogram();
  const limit = 2 ** 53 - 1;
  assert(histogram.record(limit));
  assert(histogram.record(-limit));
  for (const value of [2 ** 53, -(2 ** 53), Infinity, -Infinity, NaN]) {
    assertEquals(histogram.record(value), false);
  }
  assertEquals([histogram.count, histogram.min, histogram.max], [2, -limit, limit]);
  assert(histogram.quantile(0.5) <= -0.99 * limit);
  assertEquals(histogram.quantile(1), limit);
  histogram.clear();
  assertEquals([histogram.count, histogram.max], [0, NaN]);
});
