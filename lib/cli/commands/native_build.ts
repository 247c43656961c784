/**
 * `cli.ts native build`: builds the native library with cargo.
 *
 * @module
 */

import { type AnyDeclaration, defineCommand } from "../command.ts";
import { NATIVE_CACHE } from "../environment.ts";
import { ExitCode } from "../exit.ts";
import { buildShown } from "../native_build_progress.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { writeJson } from "../output.ts";

const FROM_REGISTRY = !import.meta.url.startsWith("file:");

/** The native build command. */
export const nativeBuild: AnyDeclaration = defineCommand({
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
    ...JSON_FLAG,
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
  files: [[NATIVE_CACHE, "The library, in the user's cache"]],
  environment: ["HOME", "XDG_CACHE_HOME"],
  examples: [{ args: "", description: "Build the native library", permissions: "native" }],
  async run({ flags, stdout, stderr, signal }) {
    const start = performance.now();
    const path = await buildShown({ force: flags.force, quiet: flags.quiet, stderr, signal });
    const elapsedS = (performance.now() - start) / 1_000;
    if (flags.json) writeJson(stdout, { path, elapsedS });
    else stdout.line(path);
    return ExitCode.Done;
  },
});
