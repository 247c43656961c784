import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { InvalidInputError } from "@hftlive/hftlive";
import { FillMarks } from "../../lib/strategy/ledger/fill_marks.ts";
import { Series } from "../../lib/strategy/ledger/series.ts";

Deno.test("a short series keeps each value", () => {
  const series = new Series(4, 1);
  series.add(0, 5);
  series.add(1, 7);
  series.add(2, NaN);
  series.add(3, 6);
  assertEquals(
    series.buckets.map(({ fromS, first }) => [fromS, first]),
    [[0, 5], [1, 7], [3, 6]],
  );
});

Deno.test("a long series stays small and loses neither extremes nor ends", () => {
  const series = new Series(64, 1e-3);
  let last = 0;
  for (let i = 0; i < 200_000; i++) {
    last = i === 77_777 ? 1e6 : i === 123_456 ? -1e6 : Math.sin(i / 1000);
    series.add(i * 0.37, last);
  }
  const { buckets } = series;
  assert(buckets.length <= 64 && buckets.length > 16, `${buckets.length} buckets`);
  assertEquals(Math.max(...buckets.map(({ max }) => max)), 1e6);
  assertEquals(Math.min(...buckets.map(({ min }) => min)), -1e6);
  assertEquals(buckets[0]!.first, 0);
  assertEquals(buckets.at(-1)!.last, last);
  for (const [i, { fromS, toS, min, max, first, last }] of buckets.entries()) {
    assert(fromS <= toS && min <= first && first <= max && min <= last && last <= max);
    assert(i === 0 || fromS > buckets[i - 1]!.toS, "in order");
  }
});

Deno.test("a series with a long gap stays small", () => {
  const series = new Series(4, 1e-3);
  for (let i = 0; i < 4; i++) series.add(i * 1e-3, i);
  series.add(86_400, 9);
  assertEquals(series.buckets.length, 2);
  assertEquals(series.buckets[0]!.max, 3);
  assertEquals(series.buckets[1]!.last, 9);
});

Deno.test("a series that cannot be halved is refused", () => {
  for (const capacity of [0, 1, 3, 2.5, NaN]) {
    assertThrows(() => new Series(capacity), InvalidInputError, "capacity");
  }
});

Deno.test("many fills become few marks with the same quantity and value", () => {
  const marks = new FillMarks(16);
  let qty = 0;
  let value = 0;
  for (let i = 0; i < 10_000; i++) {
    marks.add(i * 0.01, 100 + i % 7, 0.001 * (1 + i % 3));
    qty += 0.001 * (1 + i % 3);
    value += (100 + i % 7) * 0.001 * (1 + i % 3);
  }
  const all = marks.marks;
  assert(all.length <= 16 && all.length > 4, `${all.length} marks`);
  assertEquals(all.reduce((sum, { count }) => sum + count, 0), 10_000);
  assertAlmostEquals(all.reduce((sum, mark) => sum + mark.qty, 0), qty, 1e-9);
  assertAlmostEquals(all.reduce((sum, mark) => sum + mark.qty * mark.price, 0), value, 1e-6);
  // Evenly spread in time, as the fills were.
  const gaps = all.slice(1).map(({ timeS }, i) => timeS - all[i]!.timeS);
  assertAlmostEquals(Math.max(...gaps), Math.min(...gaps), 0.1);
});
