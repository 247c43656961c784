import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { loadStrategy, StrategyLoadError } from "@hftlive/hftlive";
import { runCli } from "../cli/run_cli.ts";
import { TempDirectory } from "../support/temp_directory.ts";

/** Content of a module, and what its error says. */
const WRONG: readonly (readonly [string, string])[] = [
  [
    "export const x = 1;",
    "it has no default export, expected export default defineStrategy({ ... })",
  ],
  ["export default 3;", "its default export is a number, expected an object from defineStrategy"],
  ["export default null;", "its default export is null, expected an object from defineStrategy"],
  ["export default { onEvent: 1 };", "its field onEvent is a number, expected a function"],
  ["export default { run() {}, name: {} };", "its field name is an object, expected a text"],
  [
    "export default { run() {}, params: 1 };",
    "its field params is a number, expected an object of numbers, texts and switches",
  ],
  [
    "export default { run() {}, params: { list: [] } };",
    "its field params.list is a list, expected a number, a text, true or false",
  ],
  [
    "export default { run() {}, onBatch() {} };",
    "it has onBatch and run, expected one of them",
  ],
  [
    "export default { teardown() {} };",
    "it has nothing to run, expected onEvent, onBatch, run or setup",
  ],
];

for (const [content, message] of WRONG) {
  Deno.test(`no strategy: ${content}`, async () => {
    await using directory = await TempDirectory.create();
    const path = await directory.write("bad.ts", content);
    const error = await assertRejects(() => loadStrategy(path), StrategyLoadError);
    assertEquals(error.message, `Cannot load strategy ${path}: ${message}`);
    assertEquals(error.path, path);
  });
}

Deno.test("a file that is not there is told", async () => {
  const error = await assertRejects(() => loadStrategy("/nowhere/s.ts"), StrategyLoadError);
  assertEquals(error.message, "Cannot load strategy /nowhere/s.ts: no such file");
});

Deno.test("an import that is not there is told with its place", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("s.ts", `\nimport { x } from "./y.ts";\nexport default x;`);
  const error = await assertRejects(() => loadStrategy(path), StrategyLoadError);
  assertStringIncludes(error.message, `Module not found "file://${directory.path}/y.ts"`);
  assertStringIncludes(error.message, "s.ts:2:");
});

Deno.test("wrong syntax is told with its place", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("s.ts", "\nexport default = 1;");
  const error = await assertRejects(() => loadStrategy(path), StrategyLoadError);
  assertMatch(error.message, /SyntaxError.*s\.ts:2:\d+\)$/);
});

Deno.test("what a module throws is told with its line", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("s.ts", `\n\nthrow new RangeError("too wide\\nby far");`);
  const error = await assertRejects(() => loadStrategy(path), StrategyLoadError);
  assertEquals(
    error.message,
    `Cannot load strategy ${path}: it threw RangeError: too wide (at ${path}:3:7)`,
  );
});

Deno.test("a strategy without a name has its file's", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("mean_reversion.ts", "export default { run() {} };");
  assertEquals((await loadStrategy(path)).name, "mean_reversion");
  const named = await directory.write("x.ts", `export default { name: "mine", run() {} };`);
  assertEquals((await loadStrategy(named)).name, "mine");
});

Deno.test("a strategy can be an instance of a class", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write(
    "s.ts",
    "class Mine { #count = 1; async run() { this.#count++; } }\nexport default new Mine();",
  );
  const { strategy } = await loadStrategy(path);
  assertEquals(typeof strategy.run, "function");
});

Deno.test("a strategy can be named by its URL", async () => {
  const url = new URL("../../examples/market_maker.ts", import.meta.url).href;
  assertEquals((await loadStrategy(url)).name, "market_maker");
  assertEquals((await loadStrategy(fromFileUrl(url))).name, "market_maker");
});

Deno.test("a missing permission names the file", async () => {
  const path = fromFileUrl(new URL("../../examples/market_maker.ts", import.meta.url));
  const { code, stderr } = await runCli(["trade", "--strategy", path, "--stub"], {
    permissions: [`--allow-read=${path}`],
  });
  assertEquals(code, 3);
  assertMatch(stderr, /^hftlive: Cannot load strategy .*: permission is missing, run deno with/);
  assertMatch(stderr, /--allow-read=\S+\.ts/);
});
