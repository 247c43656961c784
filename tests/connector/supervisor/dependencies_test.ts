import { assertEquals } from "@std/assert";
import { findCycle } from "../../../lib/connector/supervisor/dependencies.ts";

function cycle(edges: Record<string, readonly string[]>): string[] | undefined {
  return findCycle(Object.entries(edges).map(([name, dependsOn]) => ({ name, dependsOn })));
}

Deno.test("dependencies: what can be put in an order has no circle", () => {
  assertEquals(cycle({}), undefined);
  assertEquals(cycle({ a: [], b: ["a"], c: ["a", "b"], d: ["c", "a"] }), undefined);
  assertEquals(cycle({ a: ["nobody"] }), undefined);
});

Deno.test("dependencies: a circle is told with all its members", () => {
  assertEquals(cycle({ a: ["a"] }), ["a", "a"]);
  assertEquals(cycle({ a: ["b"], b: ["a"] }), ["a", "b", "a"]);
  assertEquals(cycle({ x: ["a"], a: ["b"], b: ["c"], c: ["a"] }), ["a", "b", "c", "a"]);
});

Deno.test("dependencies: many paths to one place take no time", () => {
  const layers = Array.from({ length: 60 }, (_, i) => [`l${i}`, `r${i}`]);
  const edges = Object.fromEntries(
    layers.flatMap((layer, i) => layer.map((name) => [name, layers[i + 1] ?? []])),
  );
  assertEquals(cycle(edges), undefined);
});
