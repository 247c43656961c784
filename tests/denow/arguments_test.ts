import { assertEquals, assertStringIncludes } from "@std/assert";
import { Machine } from "./machine.ts";

const NO_JSR = { DENOW_JSR: "no" };

/** The arguments that the stand-in for deno printed. */
function args(stdout: string): string[] {
  return [...stdout.matchAll(/<([^>]*)>\n/g)].map(([, arg]) => arg!);
}

Deno.test("denow hands arguments to deno unchanged, quietly", async () => {
  await using machine = await Machine.create();
  await machine.scriptDeno();
  const given = ["fmt", "a b", "", "*", "$HOME", "`id`", "--x='y'", "line\nbreak", "\\n", '"'];
  const run = await machine.run(given);
  assertEquals(args(run.stdout), given);
  assertEquals(run.stderr, "");
  assertEquals(run.code, 0);
});

Deno.test("denow keeps the working folder, the input and the exit code", async () => {
  await using machine = await Machine.create();
  await machine.scriptDeno();
  const cwd = await Deno.realPath(machine.bin);
  const run = await machine.run(["run", "-"], {
    cwd,
    stdin: "one\ntwo\n",
    env: { ...NO_JSR, FAKE_EXIT: "42" },
  });
  assertEquals(run.stdout.split("\n")[0], cwd);
  assertStringIncludes(run.stdout, "stdin: one\nstdin: two\n");
  assertEquals(run.code, 42);
});

Deno.test("denow adds the offline import map where deno takes one", async (t) => {
  await using machine = await Machine.create();
  await machine.scriptDeno();
  const map = `--import-map=${machine.importMap}`;
  const cases: [name: string, given: string[], expected: string[]][] = [
    ["no arguments", [], ["repl", "--allow-all", map]],
    ["a short run", ["cli.ts", "--stub"], [map, "cli.ts", "--stub"]],
    ["a short run with flags", ["-A", "./cli.ts"], [map, "-A", "./cli.ts"]],
    ["flags before the subcommand", ["-q", "-L", "debug", "run", "x.ts"], [
      "-q",
      "-L",
      "debug",
      "run",
      map,
      "x.ts",
    ]],
    ["a subcommand twice", ["test", "-A", "test"], ["test", map, "-A", "test"]],
    ["flags of the program", ["run", "-A", "cli.ts", "--config", "x", "--import-map=y"], [
      "run",
      map,
      "-A",
      "cli.ts",
      "--config",
      "x",
      "--import-map=y",
    ]],
    ["a flag's value before the module", ["run", "--ext", "ts", "cli", "-c", "x"], [
      "run",
      map,
      "--ext",
      "ts",
      "cli",
      "-c",
      "x",
    ]],
    ["flags after --", ["test", "--", "--config=x"], ["test", map, "--", "--config=x"]],
  ];
  for (
    const subcommand of [
      "bench",
      "bundle",
      "cache",
      "check",
      "compile",
      "doc",
      "eval",
      "info",
      "install",
      "repl",
      "run",
      "serve",
      "test",
      "watch",
    ]
  ) cases.push([subcommand, [subcommand, "a b"], [subcommand, map, "a b"]]);
  for (const [name, given, expected] of cases) {
    await t.step(name, async () => {
      const run = await machine.run(given, { env: NO_JSR });
      assertEquals(args(run.stdout), expected);
      assertEquals(run.stderr, "");
    });
  }
});

Deno.test("denow adds no import map where deno takes none, or the user brings one", async (t) => {
  await using machine = await Machine.create();
  await machine.scriptDeno();
  const cases = [
    ["fmt", "--check"],
    ["lint"],
    ["task", "test"],
    ["upgrade"],
    ["--help"],
    ["run", "--import-map=mine.json", "cli.ts"],
    ["run", "--import-map", "mine.json", "cli.ts"],
    ["run", "-A", "--config", "mine.json", "cli.ts"],
    ["run", "-c", "mine.json", "cli.ts"],
    ["run", "--no-config", "cli.ts"],
    ["test", "tests/", "--config=mine.json"],
    ["check", "mod.ts", "--import-map", "mine.json"],
  ];
  for (const given of cases) {
    await t.step(given.join(" "), async () => {
      const run = await machine.run(given, { env: NO_JSR });
      assertEquals(args(run.stdout), given);
    });
  }
});

Deno.test("denow is found through links, from any folder, and by any shell", async (t) => {
  await using machine = await Machine.create();
  await machine.scriptDeno();
  const map = `--import-map=${machine.importMap}`;
  const links = await Deno.makeTempDir();
  const check = async (name: string, program: string, before: string[] = [], cwd = "/") => {
    await t.step(name, async () => {
      const run = await machine.run([...before, "run", "x.ts"], { program, cwd, env: NO_JSR });
      assertEquals(args(run.stdout), ["run", map, "x.ts"], run.stderr);
    });
  };
  await check("by its path", machine.denow);
  await Deno.symlink(machine.denow, `${links}/absolute`);
  await check("by an absolute link", `${links}/absolute`);
  await Deno.symlink("absolute", `${links}/relative`);
  await check("by a relative link to a link", `${links}/relative`);
  await Deno.symlink(`${links}/relative`, `${machine.bin}/denow`);
  await check("by PATH", "sh", ["-c", 'exec denow "$@"', "sh"], machine.bin);
  await check("as an argument of sh", "sh", [machine.denow]);
  await check("as a name in the working folder", "sh", ["denow"], machine.project);
  for (const shell of ["bash", "ksh", "zsh"]) {
    if (await machine.link(shell)) await check(`in ${shell}`, shell, [machine.denow]);
  }
  await Deno.remove(links, { recursive: true });
});

Deno.test("denow finds a deno in a relative folder of PATH", async () => {
  await using machine = await Machine.create();
  await machine.scriptDeno();
  const run = await machine.run(["task", "x"], {
    cwd: `${machine.bin}/..`,
    env: { PATH: `bin` },
    program: machine.denow,
  });
  assertEquals(args(run.stdout), ["task", "x"], run.stderr);
});
