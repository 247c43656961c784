/**
 * Versions that are told in several places.
 */

import { assertEquals, assertMatch } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { isOldDeno, MIN_DENO } from "../../lib/deno_version.ts";
import { MIN_CARGO } from "../../lib/cli/doctor/cargo.ts";
import { ROOT } from "./run.ts";

async function found(path: string, pattern: RegExp): Promise<string[]> {
  const text = await Deno.readTextFile(`${ROOT}/${path}`);
  return [...text.matchAll(pattern)].map(([, version = ""]) => version);
}

Deno.test("denow and the documentation tell the same oldest Deno as the code", async () => {
  assertEquals(await found("denow", /^minimum=(.*)$/gm), [MIN_DENO]);
  for (const path of ["README.md", "docs/installing.md"]) {
    const told = await found(path, /Deno (\d+\.\d+) or newer/g);
    assertEquals([...new Set(told)], [MIN_DENO], path);
  }
});

Deno.test("isOldDeno() compares numbers", () => {
  assertEquals(
    ["1.46.3", "2.7.14", "2.8.0", "2.10.0", "3.0.0"].map((version) => isOldDeno(version)),
    [true, true, false, false, false],
  );
  assertMatch(MIN_DENO, /^\d+\.\d+$/);
});

Deno.test("doctor wants the cargo that the workspace needs", async () => {
  assertEquals(await found("native/Cargo.toml", /^rust-version = "(.*)"$/gm), [MIN_CARGO]);
});

Deno.test("package and library have one version", async () => {
  assertEquals(await found("native/Cargo.toml", /^version = "(.*)"$/gm), [config.version]);
});
