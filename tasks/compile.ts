/**
 * `deno task compile`: makes one program of cli.ts, with the native library in it when it is built.
 * It needs Deno's own site, from where `deno compile` takes its runtime.
 *
 * @module
 */

import { libraryFileName } from "../lib/native/library_path.ts";

const root = Deno.realPathSync(`${import.meta.dirname}/..`);
const library = `native/target/release/${libraryFileName(Deno.build.os)}`;

Deno.chdir(root);
const isBuilt = await exists(library);
if (!isBuilt) {
  console.error(
    `compile: without the native library, --stub only; build it with: deno task native`,
  );
}
const { code } = await new Deno.Command("./denow", {
  args: [
    "compile",
    "--allow-all",
    ...(isBuilt ? [`--include=${library}`] : []),
    "--output=dist/hftlive",
    "cli.ts",
  ],
}).spawn().status;
Deno.exit(code);

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
