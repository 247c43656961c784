import { assertEquals, assertStringIncludes } from "@std/assert";
import { Machine } from "./machine.ts";

async function createMachine(): Promise<Machine> {
  const machine = await Machine.create();
  await machine.link("deno", Deno.execPath());
  return machine;
}

Deno.test("denow lets deno have the signals", async (t) => {
  await using machine = await createMachine();
  await machine.write(
    "wait.ts",
    `Deno.addSignalListener("SIGINT", () => Deno.exit(7));
     console.log("ready");
     setInterval(() => {}, 1000);`,
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    await t.step(signal, async () => {
      const child = machine.spawn(["run", "wait.ts"], { env: { DENOW_JSR: "no" } });
      const stdout = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      assertEquals((await stdout.read()).value, "ready\n");
      child.kill(signal);
      const status = await child.status;
      if (signal === "SIGINT") assertEquals(status.code, 7);
      else assertEquals(status.signal, "SIGTERM");
      await stdout.cancel();
      await child.stderr.cancel();
    });
  }
});

Deno.test("a task's denow is the same Deno, asks nothing twice and says nothing twice", async () => {
  await using machine = await createMachine();
  await machine.write(
    "deno.json",
    JSON.stringify({ tasks: { outer: "./denow run -A outer.ts" } }),
  );
  await machine.write(
    "outer.ts",
    `import { join } from "@std/path";
     console.log("outer", Deno.execPath(), join("a", "b"));
     const { code } = await new Deno.Command("./denow", { args: ["run", "inner.ts"] }).spawn().status;
     Deno.exit(code);`,
  );
  await machine.write(
    "inner.ts",
    `import { join } from "@std/path";
     console.log("inner", Deno.execPath(), join("c", "d"));
     Deno.exit(9);`,
  );
  const run = await machine.run(["task", "outer"], { env: { JSR_URL: "http://127.0.0.1:9" } });
  const deno = await Deno.realPath(Deno.execPath());
  assertEquals(run.stdout, `outer ${deno} a/b\ninner ${deno} c/d\n`);
  assertEquals(run.stderr.match(/out of reach/g)?.length, 1);
  assertEquals(run.code, 9);
});

Deno.test("denow runs each kind of command offline", async (t) => {
  await using machine = await createMachine();
  await machine.write(
    "sum.ts",
    `/** Adds. @module */
     import { join } from "@std/path";
     /** Joins. */
     export const path: string = join("a", "b");
     if (import.meta.main) console.log(path);`,
  );
  await machine.write(
    "sum_test.ts",
    `import { assertEquals } from "@std/assert";
     import { path } from "./sum.ts";
     Deno.test("joins", () => assertEquals(path, "a/b"));`,
  );
  await machine.write(
    "sum_bench.ts",
    `import { join } from "@std/path";
     Deno.bench({ name: "joins", n: 1, warmup: 1, fn: () => { join("a", "b"); } });`,
  );
  const commands: [args: string[], shows: string][] = [
    [["--version"], "deno "],
    [["run", "sum.ts"], "a/b\n"],
    [["sum.ts"], "a/b\n"],
    [["test", "sum_test.ts"], "1 passed"],
    [["bench", "sum_bench.ts"], "joins"],
    [["check", "sum.ts"], ""],
    [["doc", "sum.ts"], "Joins."],
    [["info", "sum.ts"], "/offline/path.ts"],
    [["bundle", "sum.ts"], "join"],
    [["cache", "sum.ts"], ""],
    [["eval", "import { join } from '@std/path'; console.log(join('x', 'y'))"], "x/y\n"],
    [["lint", "sum_test.ts"], ""],
    [["fmt", "offline/path.ts"], ""],
  ];
  for (const [args, shows] of commands) {
    await t.step(args.slice(0, 2).join(" "), async () => {
      const run = await machine.run(args, { env: { DENOW_JSR: "no" }, inherit: true });
      assertEquals(run.code, 0, run.stderr);
      assertStringIncludes(run.stdout, shows);
    });
  }
  await t.step("the REPL, without arguments", async () => {
    const run = await machine.run([], {
      env: { DENOW_JSR: "no" },
      stdin: "(await import('@std/path')).join('r', 's')\n",
    });
    assertStringIncludes(run.stdout, "r/s");
    assertEquals(run.code, 0);
  });
});
