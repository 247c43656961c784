/**
 * `deno task compile`, as far as it goes without Deno's own site: Deno itself stands in for the
 * runtime, so that the program has all of its parts but cannot be run.
 */

import { assert, assertEquals, assertGreater } from "@std/assert";
import { Buffer } from "node:buffer";
import { findNativeLibrary } from "../../lib/native/library.ts";
import { WORKERS } from "../../tasks/compile_arguments.ts";
import { ROOT } from "../repo/run.ts";
import { nativeReady } from "../support/native_ready.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const PAGE = `${ROOT}/lib/observe/dashboard/page`;
const missing = nativeReady({ simConnector: false });

Deno.test("a compiled program holds the page, the workers and the library", async () => {
  await using directory = await TempDirectory.create();
  const output = directory.file("hftlive");
  const { code, stderr } = await new Deno.Command(`${ROOT}/denow`, {
    args: ["task", "compile", "--output", output],
    cwd: ROOT,
    env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const program = await read(output);

  let files = 0;
  for await (const { name } of Deno.readDir(PAGE)) {
    if (!/\.(css|html|js|svg)$/.test(name)) continue;
    assert(program.includes(await read(`${PAGE}/${name}`)), name);
    files++;
  }
  assertGreater(files, 10);
  for (const path of WORKERS) {
    assert(program.includes(await read(`${ROOT}/${path}`)), path);
  }
  if (missing === undefined) {
    assert(program.includes(await read(findNativeLibrary())), "the library");
  }
});

async function read(path: string): Promise<Buffer> {
  return Buffer.from((await Deno.readFile(path)).buffer);
}
