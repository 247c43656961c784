import { assertEquals } from "@std/assert";
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

Deno.test("a step that is not one over a whole number is multiplied", () => {
  assertEquals(new Grid(5).value(3), 15);
  assertEquals(new Grid(2.5).value(3), 7.5);
  assertEquals(new Grid(0.3).value(3), 3 * 0.3);
});
