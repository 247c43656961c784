/**
 * `cli.ts native build`: builds the native library with cargo.
 *
 * @module
 */

import { CargoBuildError } from "../../connector/cargo.ts";
import { type Command, defineCommand } from "../command.ts";
import { ExitCode } from "../exit.ts";
import { buildNativeLibrary, type NativeBuildProgress } from "../native_build.ts";
import { type Output, writeJson } from "../output.ts";
import { Progress, type ProgressState } from "../progress.ts";

const FROM_REGISTRY = !import.meta.url.startsWith("file:");

/** The native build command. */
export const nativeBuild: Command = defineCommand({
  name: "native build",
  summary: "Build the native library with cargo",
  usage: ["[--force] [--json]"],
  details: [
    "In a checkout this builds native/ with cargo. Where hftlive was imported from a registry, " +
    "it fetches the sources of the same version, checks each against its hash, and builds them " +
    "in the user's cache. The first build takes two to three minutes. It needs Rust " +
    "(https://rustup.rs) and no other tool.",
    "Progress goes to stderr. Stdout gets the path of the library.",
  ],
  flags: {
    force: { kind: "switch", description: "Build again a library of the cache that is there" },
    json: { kind: "switch", description: "Print one JSON object" },
  },
  needs: [
    {
      when: "in a checkout",
      applies: () => !FROM_REGISTRY,
      permissions: () => [{ name: "read" }, { name: "run", command: "cargo" }],
      why: {
        read: "the checkout",
        run: "the compiler, which runs with all rights of its user",
      },
      set: "native",
    },
    {
      when: "from a registry",
      applies: () => FROM_REGISTRY,
      permissions: () => [
        { name: "read" },
        { name: "write" },
        { name: "run", command: "cargo" },
        { name: "env", variable: "HOME" },
        { name: "net", host: new URL(import.meta.url).host || "jsr.io" },
      ],
      why: {
        read: "the sources, and what cargo made of them",
        write: "the user's cache, where the library is built",
        run: "the compiler, which runs with all rights of its user",
        env: "where the user's cache is",
        net: "the registry, for the sources of this version",
      },
      set: "native",
    },
  ],
  examples: [{ args: "", description: "Build the native library", permissions: "native" }],
  async run({ flags, stdout, stderr, signal }) {
    const { path, elapsedS } = await build(flags, stderr, signal);
    if (flags.json) writeJson(stdout, { path, elapsedS });
    else stdout.line(path);
    return ExitCode.Done;
  },
});

async function build(
  { force, quiet }: { force: boolean; quiet: boolean },
  stderr: Output,
  signal: AbortSignal,
): Promise<{ path: string; elapsedS: number }> {
  const start = performance.now();
  try {
    using progress = quiet ? undefined : new Progress(stderr, { what: "Waiting for cargo" });
    const path = await buildNativeLibrary({
      force,
      signal,
      onProgress: (state) => progress?.update(stateOf(state)),
    });
    return { path, elapsedS: (performance.now() - start) / 1000 };
  } catch (error) {
    if (error instanceof CargoBuildError) {
      stderr.line((error.firstError || error.outputTail).trimEnd());
    }
    throw error;
  }
}

function stateOf({ phase, done, total, name }: NativeBuildProgress): ProgressState {
  if (phase === "wait") return { what: `Waiting for another cargo: ${name}` };
  return { what: `${phase === "fetch" ? "Fetched" : "Compiled"} ${name}`, done, total };
}
