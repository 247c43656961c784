/**
 * `deno task ok`: everything that must hold before a change goes in.
 *
 * @module
 */

import { readCargoLine, readDenoLine } from "./counts.ts";
import { runSteps, type Step, type Tool } from "./steps.ts";
import { otherFolders, PURE } from "./test_folders.ts";

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

/** Types are not checked: the step before has done so. */
function denoTest(name: string, folders: readonly string[], more: Partial<Step> = {}): Step {
  const paths = folders.map((folder) => `tests/${folder}`);
  return {
    name,
    command: [denow, "test", "-A", "--no-check", "--trace-leaks", ...paths],
    readLine: readDenoLine,
    lastCounts: true,
    ...more,
  };
}

// Cargo's steps share one profile, so that dependencies compile once. Of the steps that wait for the
// library the longest come first, so that no core is idle at the end.
const steps: Step[] = [
  { name: "format", command: [denow, "fmt", "--check"] },
  cargo("Rust build", ["build", "--release"]),
  { name: "lint", command: [denow, "task", "lint"] },
  { name: "documentation", command: [denow, "doc", "--lint", "mod.ts"] },
  { name: "types", command: [denow, "task", "check"] },
  cargo("Rust format", ["fmt", "--all", "--check"], { needs: [RUSTFMT] }),
  {
    ...denoTest("examples in documentation", []),
    command: [denow, "test", "-A", "--trace-leaks", "--doc", "README.md", "docs", "mod.ts", "lib"],
    after: ["types"],
  },
  denoTest("Deno tests, pure", PURE),
  cargo("Rust lint", ["clippy", "--release", "--all-targets", "--", "-D", "warnings"], {
    needs: [CLIPPY],
    after: ["Rust build"],
  }),
  denoTest("Deno tests, cli", ["cli"], { after: ["Rust build"] }),
  cargo("Rust tests", ["test", "--release"], { readLine: readCargoLine, after: ["Rust lint"] }),
  // The library's package is built as well: its dependencies have just been compiled.
  denoTest("Deno tests, native", ["native"], {
    env: { HFTLIVE_TEST_BUILD: "1" },
    after: ["Rust tests"],
  }),
  denoTest("Deno tests, docs", ["docs"], { after: ["Rust build"] }),
  denoTest("Deno tests, others", otherFolders(`${root}/tests`), { after: ["Rust build"] }),
  denoTest("Deno tests, connector", ["connector"], { after: ["Rust build"] }),
];

/** Tests wait more than they compute; more at a time would only starve those that replay a market. */
const JOBS = Math.min(4, Math.max(2, navigator.hardwareConcurrency));

const [argument] = Deno.args;
if (argument === "--help" || argument === "-h") {
  const names = steps.map(({ name }) => `  ${name}`).join("\n");
  console.log(`deno task ok runs every check, and takes no arguments:\n${names}`);
  console.log("deno task test:deno FILE... runs single tests.");
  Deno.exit(0);
}
if (argument !== undefined) {
  console.error(`ok: Unexpected argument: ${argument} (it takes none, --help tells more)`);
  Deno.exit(2);
}

Deno.chdir(root);
Deno.exit(await runSteps(steps, JOBS));
