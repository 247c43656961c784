/**
 * `deno task compile`: makes one program of cli.ts, with the native library in it when it is built.
 * It needs Deno's own site, from where `deno compile` takes its runtime.
 *
 *     deno task compile [--target TRIPLE] [--output FILE]
 *
 * Without --target, for this machine. The library of another target is looked for where
 * `cargo build --target TRIPLE` leaves it.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { compileArguments, type CompileOptions, libraryOf } from "./compile_arguments.ts";

const root = Deno.realPathSync(`${import.meta.dirname}/..`);
Deno.chdir(root);

const flags = parseArgs(Deno.args, { string: ["target", "output"] });
const options: CompileOptions = {
  target: flags.target ?? Deno.build.target,
  output: flags.output ?? "dist/hftlive",
  hasLibrary: await exists(libraryOf(flags.target ?? Deno.build.target)),
};
if (!options.hasLibrary) {
  console.error(
    `compile: without ${libraryOf(options.target)}, so with no live markets; ` +
      "build it with: deno task native",
  );
}
const { code } = await new Deno.Command("./denow", { args: compileArguments(options) })
  .spawn().status;
Deno.exit(code);

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
