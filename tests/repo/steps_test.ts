import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const STEPS = import.meta.resolve("../../tasks/steps.ts");
const COUNTS = import.meta.resolve("../../tasks/counts.ts");

/** Starts a program that runs the steps given as source text. */
function spawn(steps: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-config",
      `import { runSteps } from "${STEPS}";
       import { readCargoLine, readDenoLine } from "${COUNTS}";
       Deno.exit(await runSteps([${steps}]));`,
    ],
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
}

async function run(steps: string): Promise<{ code: number; stdout: string; lastLine: string }> {
  const { code, stdout } = await spawn(steps).output();
  const text = new TextDecoder().decode(stdout);
  return { code, stdout: text, lastLine: text.trimEnd().split("\n").at(-1) ?? "" };
}

Deno.test("runSteps() adds up all counts in its last line", async () => {
  const { code, stdout, lastLine } = await run(`
    { name: "plain", command: ["true"] },
    { name: "deno", command: ["echo", "ok | 5 passed (2 steps) | 0 failed | 1 ignored (2ms)"],
      readLine: readDenoLine },
    { name: "cargo", command: ["printf", "test result: ok. 3 passed; 0 failed; 0 ignored\\n%.0s", "1", "2"],
      readLine: readCargoLine },
  `);
  assertEquals([code, lastLine], [0, "12 passed, 0 failed, 1 skipped"]);
  assertStringIncludes(stdout, "== deno: echo ok | 5 passed");
  assertStringIncludes(stdout, "\nok | 5 passed (2 steps)");
});

Deno.test("runSteps() counts only the last of several closing lines when told", async () => {
  const { lastLine } = await run(`
    { name: "deno", command: ["printf", "ok | 9 passed | 0 failed\\nok | 1 passed | 0 failed"],
      readLine: readDenoLine, lastCounts: true },
  `);
  assertEquals(lastLine, "1 passed, 0 failed");
});

Deno.test("runSteps() goes on after a failure, and fails", async () => {
  const { code, lastLine } = await run(`
    { name: "lint", command: ["false"] },
    { name: "no counts", command: ["false"], readLine: readDenoLine },
    { name: "counts", command: ["sh", "-c", "echo 'FAILED | 2 passed | 3 failed'; exit 1"],
      readLine: readDenoLine },
    { name: "last", command: ["true"] },
  `);
  assertEquals([code, lastLine], [1, "3 passed, 5 failed"]);
});

Deno.test("runSteps() fails when tests failed and the runner did not say so", async () => {
  const { code, lastLine } = await run(`
    { name: "liar", command: ["echo", "FAILED | 2 passed | 3 failed"], readLine: readDenoLine },
  `);
  assertEquals([code, lastLine], [1, "2 passed, 3 failed"]);
});

Deno.test("runSteps() fails when a test runner counted nothing", async () => {
  const { code, stdout, lastLine } = await run(
    `{ name: "silent", command: ["true"], readLine: readDenoLine },`,
  );
  assertEquals([code, lastLine], [1, "0 passed, 1 failed"]);
  assertStringIncludes(stdout, "silent: FAILED, no count of tests in its output");
});

Deno.test("runSteps() does not wait for a process that a step left behind, and fails", async () => {
  const { code, stdout, lastLine } = await run(`
    { name: "leak", command: ["sh", "-c", "sleep 600 2>/dev/null & echo pid $!; echo 'ok | 1 passed | 0 failed'"],
      readLine: readDenoLine },
  `);
  Deno.kill(Number(stdout.match(/^pid (\d+)$/m)?.[1]));
  assertEquals([code, lastLine], [1, "1 passed, 1 failed"]);
  assertStringIncludes(stdout, "leak: FAILED, a process that it started still runs");
});

Deno.test("runSteps() reports a step without its tool as skipped, with the way to get it", async () => {
  const needs = (probe: string) =>
    `{ name: "Rust", command: ["false"], needs: [{ name: "cargo", probe: ["${probe}"], advice: "get it" }] },`;
  const { code, stdout, lastLine } = await run(needs("/nonexistent/cargo") + needs("false"));
  assertEquals([code, lastLine], [0, "0 passed, 0 failed, 2 skipped"]);
  assertStringIncludes(stdout, "== Rust: skipped: cargo is not installed; get it");
});

Deno.test("an interrupt ends the running step and the run", async () => {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    const child = spawn(`
      { name: "long", command: ["sh", "-c", "echo pid $$; exec sleep 600"] },
      { name: "never", command: ["echo", "not run"] },
    `);
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!/pid \d+\n/.test(text)) text += (await reader.read()).value ?? "";
    child.kill(signal);
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    await child.stderr.cancel();
    assertEquals((await child.status).code, code, text);
    assertEquals(text.trimEnd().split("\n").at(-1), "0 passed, 1 failed");
    assert(!text.includes("not run"));
    const pid = Number(text.match(/pid (\d+)/)?.[1]);
    assertEquals(await isRunning(pid), false);
  }
});

async function isRunning(pid: number): Promise<boolean> {
  return (await new Deno.Command("kill", { args: ["-0", `${pid}`], stderr: "null" }).output())
    .success;
}
