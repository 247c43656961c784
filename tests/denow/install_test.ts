import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fakeDeno, Machine, PINNED_VERSION, which } from "./machine.ts";

/** A shell command that writes a stand-in for deno to the file that `$target` names. */
function writeDeno(version = PINNED_VERSION): string {
  return `mkdir -p "\${target%/*}"\ncat >"$target" <<'DENO'\n#!/bin/sh${fakeDeno(version)}\nDENO`;
}

/** A stand-in for npm that installs a stand-in for deno; `before` runs first. */
function fakeNpm({ before = "", write = writeDeno() } = {}): string {
  return `${before}
echo "npm $*" >&2
while [ "$1" != --prefix ]; do shift; done
target=$2/node_modules/@deno/linux-x64-glibc/deno
${write}`;
}

/** A stand-in for pip that installs a stand-in for deno. */
function fakePip(write = writeDeno()): string {
  return `[ "$1" != --version ] || exit 0
echo "pip $*" >&2
while [ "$1" != --target ]; do shift; done
target=$2/bin/deno
${write}
chmod +x "$target"`;
}

async function createMachine(): Promise<Machine> {
  const machine = await Machine.create();
  await machine.link("cat");
  return machine;
}

Deno.test("denow takes a deno on PATH that is new enough, and no other", async (t) => {
  const cases: [version: string, taken: boolean][] = [
    ["2.8.0", true],
    ["2.10.1", true],
    ["3.0.0", true],
    ["2.9.6+abc123", true],
    ["2.9.0-rc.1", true],
    ["2.7.14", false],
    ["2.1.0", false],
    ["1.46.3", false],
    ["x.y.z", false],
  ];
  for (const [version, taken] of cases) {
    await t.step(version, async () => {
      await using machine = await createMachine();
      await machine.scriptDeno({ version });
      await machine.script("npm", fakeNpm());
      const run = await machine.run(["fmt"]);
      assertEquals(run.code, 0, run.stderr);
      assertEquals(await machine.installed(), taken ? [] : [PINNED_VERSION]);
      assertEquals(run.stderr === "", taken);
    });
  }
});

Deno.test("denow installs Deno once, from npm, with its progress on standard error", async () => {
  await using machine = await createMachine();
  await machine.script("npm", fakeNpm());
  const first = await machine.run(["fmt", "a b"]);
  assertStringIncludes(first.stdout, "<fmt>\n<a b>\n");
  assertStringIncludes(first.stderr, `denow: no Deno on PATH: installing Deno ${PINNED_VERSION}`);
  assertStringIncludes(first.stderr, `deno@${PINNED_VERSION}`);
  const second = await machine.run(["fmt"]);
  assertEquals([second.code, second.stderr], [0, ""]);
  assertEquals(await machine.installed(), [PINNED_VERSION]);
});

Deno.test("denow turns to PyPI when npm is missing, fails or has no binary that runs", async (t) => {
  const broken = fakeNpm({
    write: 'mkdir -p "${target%/*}"\nprintf "#!/nonexistent/ld-linux\\n" >"$target"',
  });
  const npms = { missing: undefined, failing: "exit 1", "without a binary": "exit 0", broken };
  for (const [name, npm] of Object.entries(npms)) {
    for (const pip of ["pip3", "pip"]) {
      await t.step(`${name}, ${pip}`, async () => {
        await using machine = await createMachine();
        if (npm !== undefined) await machine.script("npm", npm);
        await machine.script(pip, fakePip());
        const run = await machine.run(["fmt"]);
        assertStringIncludes(run.stderr, `${pip} install deno==${PINNED_VERSION}`);
        assertStringIncludes(run.stdout, "<fmt>");
        assertEquals(await machine.installed(), [PINNED_VERSION]);
      });
    }
  }
});

Deno.test("denow names the way out where Deno cannot be installed", async (t) => {
  const cases: [name: string, npm: string | undefined, pip: string | undefined, why: RegExp][] = [
    ["no npm, no pip", undefined, undefined, /: npm is not installed, pip is not installed\n/],
    ["both fail", "exit 1", 'test "$1" = --version', /npm install failed, pip install failed\n/],
    [
      "no binary for this machine",
      fakeNpm({ write: "" }),
      fakePip(writeDeno("0.0.1")),
      /npm has no deno that runs here, PyPI has no deno that runs here\n/,
    ],
  ];
  for (const [name, npm, pip, why] of cases) {
    await t.step(name, async () => {
      await using machine = await createMachine();
      await machine.script("uname", "case $1 in -s) echo Plan9 ;; *) echo riscv64 ;; esac");
      if (npm !== undefined) await machine.script("npm", npm);
      if (pip !== undefined) await machine.script("pip3", pip);
      const run = await machine.run(["fmt"]);
      assertEquals([run.code, run.stdout], [1, ""]);
      assertMatch(run.stderr, why);
      assertMatch(run.stderr, /cannot install Deno \S+ on Plan9 riscv64: /);
      assertMatch(run.stderr, /https:\/\/docs\.deno\.com\S+ .* DENOW_DENO=\/path\/to\/deno\n$/);
      assertEquals(await machine.installed(), []);
    });
  }
});

Deno.test("several denow's at once all work and leave one Deno", async () => {
  await using machine = await createMachine();
  await machine.link("sleep");
  // Each waits until all four install.
  const installing = `${machine.project}/installing`;
  await Deno.mkdir(installing);
  const before = `all() { [ $# = 4 ]; }
: >'${installing}'/$$
until all '${installing}'/*; do sleep 0.05; done`;
  await machine.script("npm", fakeNpm({ before }));
  const runs = await Promise.all(
    Array.from({ length: 4 }, (_, index) => machine.run(["fmt", `${index}`])),
  );
  for (const [index, run] of runs.entries()) {
    assertStringIncludes(run.stdout, `<fmt>\n<${index}>\n`);
    assertStringIncludes(run.stderr, "installing Deno");
  }
  assertEquals(await machine.installed(), [PINNED_VERSION]);
});

Deno.test("an interrupted installation leaves nothing behind", async () => {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    await using machine = await createMachine();
    await machine.link("sleep");
    await machine.script("npm", fakeNpm({ before: "echo started >&2; sleep 1" }));
    const child = machine.spawn(["fmt"]);
    const stderr = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    let seen = "";
    while (!seen.includes("started")) seen += (await stderr.read()).value ?? "";
    child.kill(signal);
    while (!(await stderr.read()).done);
    await child.stdout.cancel();
    assertEquals((await child.status).code, code, signal);
    assertEquals(await machine.installed(), []);
  }
});

Deno.test("what a killed installation left is swept away, what a running one needs is not", async () => {
  await using machine = await createMachine();
  await machine.script("npm", fakeNpm());
  const old = `${machine.project}/.deno/stage.OLD`;
  const fresh = `${machine.project}/.deno/stage.NEW`;
  for (const folder of [old, fresh]) await Deno.mkdir(folder, { recursive: true });
  const yesterday = new Date(Date.now() - 86_400_000);
  await Deno.utime(old, yesterday, yesterday);
  await machine.run(["fmt"]);
  assertEquals(await machine.installed(), [PINNED_VERSION, "stage.NEW"]);
});

Deno.test("DENOW_DENO and DENOW_DIR name the deno and the folder", async () => {
  await using machine = await createMachine();
  await machine.script("npm", fakeNpm());
  await machine.script("my deno", fakeDeno("2.8.1"));
  const named = await machine.run(["fmt"], { env: { DENOW_DENO: `${machine.bin}/my deno` } });
  assertEquals([named.code, named.stderr, await machine.installed()], [0, "", []]);

  const old = await machine.run(["fmt"], { env: { DENOW_DENO: "/nonexistent" } });
  assertEquals([old.code, old.stderr], [
    1,
    "denow: DENOW_DENO is not Deno 2.8 or newer: /nonexistent\n",
  ]);

  const elsewhere = await machine.run(["fmt"], { env: { DENOW_DIR: "else where" } });
  assertEquals(elsewhere.code, 0, elsewhere.stderr);
  assert((await Deno.stat(`${machine.project}/else where/${PINNED_VERSION}/deno`)).isFile);
  assertEquals(await machine.installed(), []);
});

Deno.test("a link to denow named deno is no Deno", async () => {
  await using machine = await createMachine();
  await Deno.symlink(machine.denow, `${machine.bin}/deno`);
  await machine.script("npm", fakeNpm());
  const run = await machine.run(["fmt"], { program: `${machine.bin}/deno` });
  assertEquals(run.code, 0, run.stderr);
  assertStringIncludes(run.stdout, "<fmt>");
  assertEquals(await machine.installed(), [PINNED_VERSION]);
});

/** Installs the real Deno from a real registry and runs a program with it. */
async function installForReal(machine: Machine): Promise<void> {
  await machine.write("print.ts", "console.log(Deno.version.deno, Deno.execPath());");
  const run = await machine.run(["run", "print.ts"], {
    env: { DENOW_JSR: "yes" },
    inherit: true,
  });
  assertEquals(run.code, 0, run.stderr);
  const folder = await Deno.realPath(machine.project);
  assertEquals(run.stdout, `${PINNED_VERSION} ${folder}/.deno/${PINNED_VERSION}/deno\n`);
  assertEquals(await machine.installed(), [PINNED_VERSION]);
}

function missing(program: string, tests: string): boolean {
  if (which(program)) return false;
  console.log(`${tests} is skipped: ${program} is not installed`);
  return true;
}

Deno.test({
  name: "the real Deno comes from npm, in place of one that is too old",
  ignore: missing("npm", "the installation from npm"),
  async fn() {
    await using machine = await createMachine();
    for (const name of ["env", "npm", "node"]) await machine.link(name);
    await machine.scriptDeno({ version: "2.1.0" });
    await installForReal(machine);
  },
});

Deno.test({
  name: "the real Deno comes from PyPI, where npm is missing",
  ignore: missing("python3", "the installation from PyPI"),
  async fn() {
    await using machine = await createMachine();
    const python = await new Deno.Command("python3", {
      args: ["-c", "import sys; print(sys.executable)"],
    }).output();
    await machine.script(
      "python3",
      `exec '${new TextDecoder().decode(python.stdout).trim()}' "$@"`,
    );
    await installForReal(machine);
  },
});
