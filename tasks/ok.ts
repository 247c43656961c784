/**
 * `deno task ok`: everything that must hold before a change goes in.
 *
 * @module
 */

import { readCargoLine, readDenoLine } from "./counts.ts";
import { runSteps, type Step, type Tool } from "./steps.ts";

const root = Deno.realPathSync(`${import.meta.dirname}/..`);
const denow = "./denow";

const CARGO: Tool = {
  name: "cargo",
  probe: ["cargo", "--version"],
  advice: "get it from https://rustup.rs",
};
const RUSTFMT: Tool = {
  name: "rustfmt",
  probe: ["cargo", "fmt", "--version"],
  advice: "get it with: rustup component add rustfmt",
};
const CLIPPY: Tool = {
  name: "clippy",
  probe: ["cargo", "clippy", "--version"],
  advice: "get it with: rustup component add clippy",
};

function cargo(name: string, args: readonly string[], more: Partial<Step> = {}): Step {
  return {
    name,
    command: ["cargo", ...args],
    cwd: `${root}/native`,
    // Deno's tests look for the library and the connector there.
    env: { CARGO_TARGET_DIR: `${root}/native/target` },
    ...more,
    needs: [CARGO, ...(more.needs ?? [])],
  };
}

function denoTest(name: string, args: readonly string[], env: Step["env"] = {}): Step {
  return {
    name,
    command: [denow, "test", "-A", "--trace-leaks", ...args],
    env,
    readLine: readDenoLine,
    lastCounts: true,
  };
}

// Cheap steps first. Build and tests share one profile, so that dependencies compile once.
const steps: Step[] = [
  { name: "format", command: [denow, "fmt", "--check"] },
  { name: "lint", command: [denow, "task", "lint"] },
  { name: "documentation", command: [denow, "doc", "--lint", "mod.ts"] },
  { name: "types", command: [denow, "task", "check"] },
  cargo("Rust format", ["fmt", "--all", "--check"], { needs: [RUSTFMT] }),
  cargo("Rust build", ["build", "--release"]),
  cargo("Rust lint", ["clippy", "--release", "--all-targets", "--", "-D", "warnings"], {
    needs: [CLIPPY],
  }),
  cargo("Rust tests", ["test", "--release"], { readLine: readCargoLine }),
  denoTest("examples in documentation", ["--doc", "README.md", "mod.ts", "lib"]),
  // The library's package is built as well: its dependencies have just been compiled.
  denoTest("Deno tests", ["tests"], { HFTLIVE_TEST_BUILD: "1" }),
];

Deno.chdir(root);
Deno.exit(await runSteps(steps));
