import { assert, assertEquals } from "@std/assert";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { Random } from "../../lib/stub/random.ts";
import { NO_PERMISSIONS } from "./helpers.ts";

const TWO_32 = 2 ** 32;

Deno.test("draws are those of the generator, stream by stream", NO_PERMISSIONS, () => {
  for (const seed of [0, 1, 42, 0x8000_0000, TWO_32 - 1]) {
    for (const stream of [0, 1, 7]) {
      const random = new Random(seed, stream);
      const generator = xoroshiro128plus(seed);
      for (let jump = 0; jump <= stream; jump++) generator.jump();
      for (let i = 0; i < 1_000; i++) {
        const share = (generator.next() >>> 0) / TWO_32;
        if (i % 3 === 0) assertEquals(random.chance(0.3), share < 0.3);
        else assertEquals(random.int(-1_000, 5_000), -1_000 + Math.floor(share * 6_001));
      }
    }
  }
});

Deno.test("whole numbers take every value of their range, up to 2^31 wide", NO_PERMISSIONS, () => {
  const random = new Random(7, 0);
  for (const [min, max] of [[0, 0], [-1, 1], [3, 9]] as const) {
    const seen = new Set<number>();
    for (let i = 0; i < 1_000; i++) seen.add(random.int(min, max));
    assertEquals(seen.size, max - min + 1);
    assertEquals([Math.min(...seen), Math.max(...seen)], [min, max]);
  }
  const wide = Array.from({ length: 10_000 }, () => random.int(-(2 ** 30), 2 ** 30));
  assert(wide.every((drawn) => Number.isInteger(drawn) && Math.abs(drawn) <= 2 ** 30));
  assert(Math.min(...wide) < -0.99 * 2 ** 30 && Math.max(...wide) > 0.99 * 2 ** 30);
});

Deno.test("a probability of 0 is never, of 1 always", NO_PERMISSIONS, () => {
  const random = new Random(8, 0);
  for (let i = 0; i < 10_000; i++) {
    assertEquals([random.chance(0), random.chance(1)], [false, true]);
  }
});
