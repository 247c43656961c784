import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  type BuildProgress,
  ConnectorBuildError,
  ConnectorNotFoundError,
  ConnectorRunner,
  type ConnectorRunnerOptions,
  ConnectorStartupError,
} from "@hftlive/hftlive";
import { programMissing } from "../../support/programs.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import { assertNoChildren, script, scriptOptions, untilPrinted } from "./support.ts";

const noCargo = await programMissing("cargo");
if (noCargo !== undefined) console.log(`tests that build with cargo are skipped: ${noCargo}`);
// These crates have no dependencies, and a target directory of their own.
Deno.env.set("CARGO_NET_OFFLINE", "true");
Deno.env.delete("CARGO_TARGET_DIR");

const PRINTS_ARGUMENTS = `
fn main() {
    println!("one: {}", cfg!(feature = "one"));
    println!("args: {:?}", std::env::args().skip(1).collect::<Vec<_>>());
    std::thread::sleep(std::time::Duration::from_secs(1000));
}
`;

/** Makes a project with a connector crate, and options for it. */
async function project(
  directory: TempDirectory,
  source: string,
  options: Partial<ConnectorRunnerOptions> = {},
): Promise<ConnectorRunnerOptions> {
  const root = directory.file("project");
  await Deno.mkdir(`${root}/connector/src`, { recursive: true });
  await Deno.writeTextFile(
    `${root}/Cargo.toml`,
    `[workspace]\nmembers = ["connector"]\nresolver = "3"\n`,
  );
  await Deno.writeTextFile(
    `${root}/connector/Cargo.toml`,
    `[package]
name = "connector"
version = "0.1.0"
edition = "2024"
[features]
binancefutures = []
one = []
`,
  );
  await Deno.writeTextFile(`${root}/connector/src/main.rs`, source);
  return {
    ...await scriptOptions(directory, ""),
    binaryPath: undefined,
    projectRoot: root,
    ...options,
  };
}

/** Sets a file's time of change to a minute from now. */
async function touch(path: string): Promise<void> {
  const later = new Date(Date.now() + 60_000);
  await Deno.utime(path, later, later);
}

Deno.test({
  name: "build: a program that is missing is built, one that is there is not",
  ignore: noCargo !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    await using runner = new ConnectorRunner(await project(directory, PRINTS_ARGUMENTS));
    const path = directory.file("project/target/release/connector");
    assertEquals(await runner.binaryExists(), false);
    assertEquals(await runner.findStaleness(), undefined);

    const progress: BuildProgress[] = [];
    const states: string[] = [];
    runner.addEventListener("statechange", ({ detail }) => states.push(detail.state));
    const onProgress = (step: BuildProgress): number => progress.push(step);
    assertEquals(await runner.buildIfMissing({ onProgress }), { path, built: true });
    assertEquals(progress.map(({ name }) => name), ["connector"]);
    assertEquals(states, ["building", "idle"]);
    assertEquals(await runner.binaryExists(), true);

    assertEquals(await runner.buildIfMissing({ onProgress }), { path, built: false });
    assertEquals(await runner.build({ onProgress }), { path, built: false });
    assertEquals(progress.length, 1);
    assertEquals(await runner.build({ onProgress, force: true }), { path, built: true });
    assertEquals(progress.length, 2);
  },
});

Deno.test({
  name: "build: start builds what is missing, with the features asked for, and runs it",
  ignore: noCargo !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const options = await project(directory, PRINTS_ARGUMENTS, { buildFeatures: ["one"] });
    await using refused = new ConnectorRunner({ ...options, autoBuild: false });
    const error = await assertRejects(() => refused.start(), ConnectorNotFoundError);
    assertStringIncludes(error.message, "autoBuild");

    await using runner = new ConnectorRunner(options);
    const states: string[] = [];
    runner.addEventListener("statechange", ({ detail }) => states.push(detail.state));
    await runner.start();
    assertEquals(states, ["starting", "building", "starting", "running"]);
    await untilPrinted(runner, "args");
    assertEquals(runner.output.map(({ raw }) => raw), [
      "one: true",
      `args: ${
        JSON.stringify([options.connectorName, options.connectorType, options.configPath])
          .replaceAll(",", ", ")
      }`,
    ]);
    await assertRejects(() => runner.build(), Error, "it is running");
  },
});

Deno.test({
  name: "build: a program that is older than its source is told, and built anew",
  ignore: noCargo !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const options = await project(directory, `mod other;\n${PRINTS_ARGUMENTS}`);
    const other = directory.file("project/connector/src/other.rs");
    await Deno.writeTextFile(other, "");
    await using runner = new ConnectorRunner(options);
    const { path } = await runner.build();
    assertEquals(await runner.findStaleness(), undefined);

    await touch(other);
    const stale = await runner.findStaleness();
    assertEquals([stale?.binary, stale?.source], [path, other]);
    assert(stale !== undefined && (stale.changedAt ?? 0) > stale.builtAt);
    await runner.start();
    assertEquals(runner.warnings.length, 1);
    assertStringIncludes(runner.warnings[0] ?? "", `is older than its source: ${other}`);
    await runner.stop();

    await Deno.writeTextFile(other, "// changed");
    assertEquals(await runner.build(), { path, built: true });
    assertEquals(await runner.findStaleness(), undefined);
    await Deno.remove(other);
    assertEquals(await runner.findStaleness(), {
      ...(await runner.findStaleness())!,
      source: other,
    });
    assertEquals((await runner.findStaleness())?.changedAt, undefined);
    await assertRejects(() => runner.build(), ConnectorBuildError);
  },
});

Deno.test({
  name: "build: a build that fails tells the compiler's first error",
  ignore: noCargo !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const options = await project(directory, `fn main() { let x: u32 = "x"; }`);
    for (const attempt of ["build", "buildIfMissing", "start"] as const) {
      await using runner = new ConnectorRunner(options);
      const error = await assertRejects(() => runner[attempt](), ConnectorBuildError);
      assertEquals(error.exitCode, 101);
      assertStringIncludes(error.message, "mismatched types --> connector/src/main.rs:1:26");
      assertStringIncludes(error.firstError, "expected `u32`, found `&str`");
      assert(error.outputTail.length > 0 && error.outputTail.length <= 60);
      assertEquals([runner.isRunning, runner.state], [
        false,
        attempt === "start" ? "ended" : "idle",
      ]);
    }
  },
});

Deno.test({
  name: "build: an abort or a stop ends cargo",
  ignore: noCargo !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const options = await project(directory, PRINTS_ARGUMENTS);
    // Runs for as long as it is not ended, before anything is compiled.
    await Deno.writeTextFile(
      directory.file("project/connector/build.rs"),
      "fn main() { std::thread::sleep(std::time::Duration::from_secs(1000)) }",
    );
    await using runner = new ConnectorRunner(options);
    const abort = new AbortController();
    const compiled = Promise.withResolvers<void>();
    const onProgress = (): void => compiled.resolve();
    const building = runner.build({ signal: abort.signal, onProgress });
    const refusal = assertRejects(() => building, Error, "enough");
    await compiled.promise;
    abort.abort(new Error("enough"));
    await refusal;
    assertEquals(runner.state, "idle");

    const starting = runner.start();
    const stopped = assertRejects(() => starting, ConnectorStartupError, "it was stopped");
    await runner.stop();
    await stopped;
    assertEquals(runner.state, "ended");
    await assertNoChildren();
  },
});

Deno.test({
  name: "build: what cargo puts elsewhere is found, or told",
  ignore: noCargo !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const options = await project(directory, PRINTS_ARGUMENTS);
    const elsewhere = directory.file("elsewhere/release/connector");
    await Deno.mkdir(directory.file("project/.cargo"));
    await Deno.writeTextFile(
      directory.file("project/.cargo/config.toml"),
      `[build]\ntarget-dir = "../elsewhere"\n`,
    );
    await using runner = new ConnectorRunner(options);
    assertEquals(await runner.build(), { path: elsewhere, built: true });
    assertEquals(await runner.binaryExists(), true);
    await runner.start();

    const binaryPath = directory.file("bin/connector");
    await using named = new ConnectorRunner({ ...options, binaryPath });
    const error = await assertRejects(() => named.build(), ConnectorNotFoundError);
    assertStringIncludes(error.message, `cargo made ${elsewhere}`);

    Deno.env.set("CARGO_TARGET_DIR", directory.file("from-env"));
    try {
      await using other = new ConnectorRunner(options);
      const path = directory.file("from-env/release/connector");
      assertEquals(await other.build(), { path, built: true });
    } finally {
      Deno.env.delete("CARGO_TARGET_DIR");
    }
  },
});

Deno.test({
  name: "build: a crate without a workspace has its own target directory",
  ignore: noCargo !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const options = await project(directory, PRINTS_ARGUMENTS);
    await Deno.remove(directory.file("project/Cargo.toml"));
    await using runner = new ConnectorRunner(options);
    const path = directory.file("project/connector/target/release/connector");
    assertEquals(await runner.buildIfMissing(), { path, built: true });
    await using another = new ConnectorRunner(options);
    assertEquals(await another.buildIfMissing(), { path, built: false });
  },
});

Deno.test({
  name: "build: a project without a connector, or without its program, is told",
  ignore: noCargo !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const options = await project(directory, PRINTS_ARGUMENTS);
    const library = directory.file("project/connector/src");
    await Deno.rename(`${library}/main.rs`, `${library}/lib.rs`);
    await using programless = new ConnectorRunner(options);
    await assertRejects(
      () => programless.build(),
      ConnectorBuildError,
      'no program named "connector"',
    );
    await Deno.remove(directory.file("project/connector"), { recursive: true });
    await using empty = new ConnectorRunner(options);
    await assertRejects(() => empty.build(), ConnectorBuildError, "no directory");
    const projectRoot = directory.file("nothing");
    await using nowhere = new ConnectorRunner({ ...options, projectRoot });
    await assertRejects(() => nowhere.start(), ConnectorNotFoundError, projectRoot);
  },
});

Deno.test("build: without cargo the error says where to get it", async () => {
  await using directory = await TempDirectory.create();
  const options = await project(directory, PRINTS_ARGUMENTS);
  const path = Deno.env.get("PATH") ?? "";
  await script(directory, "");
  Deno.env.set("PATH", directory.path);
  try {
    await using runner = new ConnectorRunner(options);
    await assertRejects(() => runner.build(), ConnectorBuildError, "https://rustup.rs");
  } finally {
    Deno.env.set("PATH", path);
  }
});
