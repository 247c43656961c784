import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { TempDirectory } from "../support/temp_directory.ts";

const STEPS = import.meta.resolve("../../tasks/steps.ts");
const COUNTS = import.meta.resolve("../../tasks/counts.ts");

/** Starts a program that runs the steps given as source text. */
function spawn(steps: string, jobs = 1): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-config",
      `import { runSteps } from "${STEPS}";
       import { readCargoLine, readDenoLine } from "${COUNTS}";
       Deno.exit(await runSteps([${steps}], ${jobs}));`,
    ],
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
    // A process group of its own, as a terminal gives to what it runs.
    detached: true,
  }).spawn();
}

async function run(steps: string, jobs = 1): Promise<{
  code: number;
  stdout: string;
  stderr: string;
  lastLine: string;
}> {
  const { code, ...output } = await spawn(steps, jobs).output();
  const decoder = new TextDecoder();
  const [stdout, stderr] = [decoder.decode(output.stdout), decoder.decode(output.stderr)];
  return { code, stdout, stderr, lastLine: stdout.trimEnd().split("\n").at(-1) ?? "" };
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

Deno.test("runSteps() shows the end of what a failed step printed again, before the summary", async () => {
  const { stdout } = await run(`
    { name: "long", command: ["sh", "-c", "seq 1000; echo bad >&2; exit 1"] },
    { name: "fine", command: ["echo", "good"] },
  `);
  const [, again, summary] = /^== long failed:\n([^]*)\n\n(== summary\n[^]*)$/m.exec(stdout) ?? [];
  const lines = again?.split("\n") ?? [];
  assertEquals(lines.length, 50);
  assert(lines.includes("1000") && lines.includes("bad") && !lines.includes("900"), again);
  assertStringIncludes(summary ?? "", "long: FAILED, exit code 1");
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
  const needs = (name: string, probe: string) =>
    `{ name: "${name}", command: ["false"],
       needs: [{ name: "cargo", probe: ["${probe}"], advice: "get it" }] },`;
  const { code, stdout, lastLine } = await run(
    needs("Rust", "/nonexistent/cargo") + needs("Rust lint", "false"),
  );
  assertEquals([code, lastLine], [0, "0 passed, 0 failed, 2 skipped"]);
  assertStringIncludes(stdout, "== Rust: skipped: cargo is not installed; get it");
});

Deno.test("runSteps() runs steps side by side, and prints one after the other", async () => {
  await using directory = await TempDirectory.create();
  const [there, back] = [directory.file("there"), directory.file("back")];
  // Each waits for the other: neither ends unless both run.
  const ping = `mkfifo "$1" "$2"; echo one; echo >"$1"; read -r line <"$2"; echo two`;
  const pong = `until [ -p "$2" ]; do sleep 0.05; done; echo three >&2; read -r line <"$1"
    echo four; echo >"$2"; echo five; echo 'ok | 5 passed | 0 failed'`;
  const step = (name: string, script: string, more: string) =>
    `{ name: "${name}", command: ["sh", "-c", ${
      JSON.stringify(script)
    }, "sh", "${there}", "${back}"], ${more} },`;
  const { code, stdout, lastLine } = await run(
    step("ping", ping, "") + step("pong", pong, "readLine: readDenoLine") +
      `{ name: "last", command: ["echo", "six"] }`,
    2,
  );
  assertEquals([code, lastLine], [0, "7 passed, 0 failed"]);
  const lines = stdout.split("\n").filter((line) => /^(one|two|three|four|five|six)$/.test(line));
  assertEquals([lines.slice(0, 2), lines.slice(5)], [["one", "two"], ["six"]]);
  // Three comes by a pipe of its own: it may be read before or after what the same step prints.
  assertEquals(lines.slice(2, 5).filter((line) => line !== "three"), ["four", "five"]);
  assertEquals([...stdout.matchAll(/^(ping|pong|last): ok/gm)].map(([, name]) => name), [
    ...["ping", "pong", "last"],
  ]);
});

Deno.test("runSteps() begins a step when those before it have ended, well or not", async () => {
  await using directory = await TempDirectory.create();
  const [made, free] = [directory.file("made"), directory.file("free")];
  // The first ends when the last has begun, which the second may not before it.
  const make = `until [ -e '${free}' ]; do sleep 0.05; done; echo >'${made}'; exit 1`;
  const { code, lastLine } = await run(
    `{ name: "make", command: ["sh", "-c", ${JSON.stringify(make)}] },
     { name: "look", command: ["test", "-e", "${made}"], after: ["make"] },
     { name: "free", command: ["sh", "-c", "test ! -e '${made}' && echo >'${free}'"] },`,
    2,
  );
  assertEquals([code, lastLine], [1, "2 passed, 1 failed"]);
});

Deno.test("runSteps() refuses steps that could never begin", async () => {
  const plain = (name: string, more = "") => `{ name: "${name}", command: ["true"], ${more} },`;
  const late = await run(plain("one", `after: ["two"]`) + plain("two"));
  assertStringIncludes(late.stderr, 'Cannot run "one" after: two');
  const twice = await run(plain("one") + plain("one"));
  assertStringIncludes(twice.stderr, "Cannot run two steps of one name: one");
  assertEquals([late.code, twice.code], [1, 1]);
});

/** What a step prints of its processes; its command, which is printed too, has no numbers there. */
const PIDS = /^pids (\d.*)\n/m;

/** Prints its own process id and those of a deaf child and of one in a group of its own. */
const FAMILY = `
sh -c 'trap "" INT TERM; exec sleep 600' & deaf=$!
setsid sleep 600 & apart=$!
sleep 0.3
echo pids $$ $deaf $apart
exec sleep 600
`;

const INTERRUPTS: readonly (readonly [Deno.Signal, to: "runner" | "group"])[] = [
  ["SIGINT", "runner"],
  ["SIGTERM", "runner"],
  ["SIGHUP", "runner"],
  // As Ctrl+C in a terminal does.
  ["SIGINT", "group"],
];

Deno.test("an interrupt ends the running steps with all that they started", async (t) => {
  // At the same time: each waits for the deaf child to be killed.
  const ended = await Promise.allSettled(INTERRUPTS.map((each) => checkInterrupt(...each)));
  for (const [i, [signal, to]] of INTERRUPTS.entries()) {
    await t.step(`${signal} to the ${to}`, () => {
      const result = ended[i];
      if (result?.status === "rejected") throw result.reason;
    });
  }
});

async function checkInterrupt(signal: Deno.Signal, to: "runner" | "group"): Promise<void> {
  const family = (name: string) =>
    `{ name: "${name}", command: ["sh", "-c", ${JSON.stringify(FAMILY)}] },`;
  await using directory = await TempDirectory.create();
  const second = directory.file("pids");
  const child = spawn(
    `${family("long")}
     { name: "beside", command: ["sh", "-c", "echo $$ >'${second}'; exec sleep 600"] },
     { name: "never", command: ["echo", "not run"] },`,
    2,
  );
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!PIDS.test(text)) text += (await reader.read()).value ?? "";
  const beside = await written(second);
  Deno.kill(to === "runner" ? child.pid : -child.pid, signal);
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  await child.stderr.cancel();
  assertEquals((await child.status).code, 130, text);
  assertEquals(text.trimEnd().split("\n").at(-1), "0 passed, 2 failed");
  assert(!text.includes("not run"));
  const pids = PIDS.exec(text)?.[1]?.split(" ").map(Number) ?? [];
  assertEquals(pids.length, 3);
  for (const pid of [...pids, Number(beside)]) assertEquals(await isRunning(pid), false, text);
}

/** A file's line, once it is there. */
async function written(path: string): Promise<string> {
  for (;;) {
    const text = await Deno.readTextFile(path).catch(() => "");
    if (text.endsWith("\n")) return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("a runner whose output nobody reads ends the running step with all that it started", async () => {
  // As deno test, it goes on when nobody takes what it prints.
  const chatter = 'trap "" PIPE; while sleep 0.05; do echo more 2>&-; done';
  const child = spawn(`
    { name: "long", command: ["sh", "-c", ${JSON.stringify(`echo pids $$; ${chatter}`)}],
      readLine: () => undefined },
  `);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!PIDS.test(text)) text += (await reader.read()).value ?? "";
  await reader.cancel();
  const [{ code }] = await Promise.all([child.status, child.stderr.cancel()]);
  assertEquals(code, 1, text);
  assertEquals(await isRunning(Number(PIDS.exec(text)?.[1])), false, text);
});

Deno.test("an interrupt between two steps is not missed", async () => {
  const { code, stdout, lastLine } = await run(`
    { name: "first", command: ["true"] },
    { name: "never", command: ["echo", "not run"],
      needs: [{ name: "x", probe: ["sh", "-c", "kill -INT $PPID; sleep 1"], advice: "" }] },
  `);
  assertEquals([code, lastLine], [130, "1 passed, 0 failed"]);
  assert(!stdout.includes("not run"));
});

async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", `${pid}`] })
    .output();
  return /^[^Z\s]/.test(new TextDecoder().decode(stdout));
}
