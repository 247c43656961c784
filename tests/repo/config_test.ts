import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { ROOT, runDenow } from "./run.ts";

const NAMES = ["read", "write", "net", "env", "run", "ffi", "sys"] as const;

/** The state of each kind of permission as a whole, in a run with a permission set. */
async function granted(set: string): Promise<string[]> {
  const { code, stdout, stderr } = await runDenow([
    "run",
    `-P=${set}`,
    "--no-prompt",
    "tests/repo/print_permissions.ts",
  ]);
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

Deno.test("deno takes the permission sets as they are meant", async () => {
  assertEquals(await granted("stub"), []);
  assertEquals(await granted("replay"), ["read"]);
  assertEquals(await granted("live"), ["read", "ffi"]);
  assertEquals(await granted("dashboard"), ["read", "ffi"]);
  assertEquals(await granted("record"), ["read", "write", "ffi"]);
  assertEquals(await granted("trade"), ["read", "write", "ffi"]);
  assertEquals(await granted("paper"), ["read", "write", "env", "run", "ffi"]);
  assertEquals(await granted("connector"), ["read", "write", "net", "env", "run", "ffi"]);
  assertEquals(await granted("native"), ["read", "write"]);
  assertEquals(await granted("dev"), [...NAMES]);
});

Deno.test("files that tasks run are there", async () => {
  for (const [name, { command }] of Object.entries(config.tasks)) {
    for (const [path] of command.matchAll(/[\w./-]+\.(ts|toml)\b|\.\/denow/g)) {
      const { isFile } = await Deno.stat(`${ROOT}/${path}`);
      assert(isFile, `${name}: ${path}`);
    }
  }
});

Deno.test("scripts can be executed", async () => {
  for (const path of ["denow", ".ci/run"]) {
    const { mode } = await Deno.stat(`${ROOT}/${path}`);
    assert(mode !== null && (mode & 0o111) === 0o111, path);
  }
});

Deno.test("the package holds what it needs and nothing of the workshop", async () => {
  for (const path of config.publish.include) await Deno.stat(`${ROOT}/${path}`);
  for (const entry of Object.values(config.exports)) {
    assert(config.publish.include.includes(entry.replace("./", "")), entry);
  }
  for (const path of ["offline", "tests", "tasks", "bench", "denow", "native/target"]) {
    assert(!config.publish.include.some((one) => one.startsWith(path)), path);
  }
});
