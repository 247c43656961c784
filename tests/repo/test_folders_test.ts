import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { LONG, otherFolders, PURE } from "../../tasks/test_folders.ts";
import { ROOT } from "./run.ts";

Deno.test("each folder of tests is run, and once", async () => {
  const folders = (await Array.fromAsync(Deno.readDir(`${ROOT}/tests`))).map(({ name }) => name);
  const run = [...PURE, ...LONG, ...otherFolders(`${ROOT}/tests`)];
  assertEquals(run.sort(), folders.sort());
});

Deno.test("tests that run while the engine is built do not need it", async () => {
  const seen = new Set<string>();
  for (const folder of PURE) {
    for await (const path of modules(`${ROOT}/tests/${folder}`)) await follow(path, seen);
  }
  assert(seen.has(`${ROOT}/tests/repo/run.ts`));
  assertEquals([...seen].filter((path) => path.endsWith("/support/native_ready.ts")), []);
});

/** Follows the imports between the files of tests. */
async function follow(path: string, seen: Set<string>): Promise<void> {
  if (seen.has(path) || !path.startsWith(`${ROOT}/tests/`)) return;
  seen.add(path);
  // Some name modules in the text of programs that they write.
  const text = await Deno.readTextFile(path).catch(() => "");
  for (const [, specifier = ""] of text.matchAll(/(?:from|import) "(\.[^"]*\.ts)"/g)) {
    await follow(join(dirname(path), specifier), seen);
  }
}

async function* modules(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* modules(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}
