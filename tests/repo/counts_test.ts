import { assertEquals } from "@std/assert";
import {
  addCounts,
  readCargoLine,
  readDenoLine,
  stripColour,
  summary,
} from "../../tasks/counts.ts";

Deno.test("readDenoLine() reads the closing line of deno test", () => {
  const cases: [line: string, expected: unknown][] = [
    ["ok | 5 passed | 0 failed (12ms)", { passed: 5, failed: 0, skipped: 0 }],
    ["ok | 15 passed (30 steps) | 0 failed | 2 ignored (1m2s)", {
      passed: 15,
      failed: 0,
      skipped: 2,
    }],
    ["FAILED | 24 passed (90 steps) | 3 failed (2 steps) (1m29s)", {
      passed: 24,
      failed: 3,
      skipped: 0,
    }],
    ["ok | 0 passed | 0 failed | 4 filtered out (0ms)", { passed: 0, failed: 0, skipped: 0 }],
    ["a test ... ok (5ms)", undefined],
    ["", undefined],
  ];
  for (const [line, expected] of cases) assertEquals(readDenoLine(line), expected, line);
});

Deno.test("readCargoLine() reads the closing lines of cargo test", () => {
  assertEquals(
    readCargoLine(
      "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
    ),
    { passed: 12, failed: 0, skipped: 1 },
  );
  assertEquals(
    readCargoLine(
      "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
    ),
    { passed: 1, failed: 2, skipped: 0 },
  );
  assertEquals(readCargoLine("test depth::tests::clears ... ok"), undefined);
});

Deno.test("summary() leaves out skipped tests when there are none", () => {
  const sum = addCounts([
    { passed: 1, failed: 2, skipped: 0 },
    { passed: 3, failed: 0, skipped: 1 },
  ]);
  assertEquals(summary(sum), "4 passed, 2 failed, 1 skipped");
  assertEquals(summary(addCounts([])), "0 passed, 0 failed");
});

Deno.test("stripColour() leaves the text", () => {
  assertEquals(stripColour("\x1b[0m\x1b[32mok\x1b[0m | 5 passed"), "ok | 5 passed");
});
