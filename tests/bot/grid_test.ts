import { assert, assertEquals } from "@std/assert";
import { Grid } from "../../lib/bot/grid.ts";

Deno.test("steps have the value that an exchange would print", () => {
  for (const [step, digits] of [[0.1, 1], [0.01, 2], [0.001, 3], [1e-8, 8], [0.5, 1], [1, 0]]) {
    const grid = new Grid(step!);
    for (const steps of [1, 3, 7, 600_001, 123_456_789]) {
      const printed = Number((steps * step!).toFixed(digits));
      assertEquals(grid.value(steps), printed);
      assertEquals(grid.steps(printed), steps);
    }
  }
});

Deno.test("so have steps that are not one over a whole number", () => {
  assertEquals(new Grid(5).value(3), 15);
  assertEquals(new Grid(2.5).value(3), 7.5);
  assertEquals(new Grid(0.3).value(3), 0.9);
  assertEquals(new Grid(Math.PI).value(3), 3 * Math.PI);
});

Deno.test("values snap to the grid, and stay when off it", () => {
  const tenths = new Grid(0.1);
  assertEquals(tenths.snap(0.1 + 0.2), 0.3);
  assertEquals(tenths.snap(600_003 * 0.1), 60_000.3);
  assertEquals(tenths.snap(-0.30000000000000004), -0.3);
  assertEquals(tenths.snap(0.125), 0.125);
  assertEquals(tenths.snap(NaN), NaN);
  assert(Object.is(tenths.snap(-1e-9), 0));
  assertEquals(new Grid(1e-8).snap(3 * 1e-8), 3e-8);
  assertEquals(new Grid(0.3).snap(3 * 0.3), 0.9);
  assertEquals(new Grid(1 / 3).snap(2 / 3), 2 / 3);
});
