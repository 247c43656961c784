import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MissingPermissionError } from "@hftlive/hftlive";
import { cargoBuild, CargoBuildError, CargoNotFoundError } from "../../lib/connector/cargo.ts";
import {
  BuildOutput,
  type BuildProgress,
  parseArtifact,
  parseBlocking,
  parseProgressBar,
} from "../../lib/connector/progress.ts";
import { programMissing } from "../support/programs.ts";

const noCargo = await programMissing("cargo");
if (noCargo !== undefined) console.log(`tests that build with cargo are skipped: ${noCargo}`);

/** Makes a crate in a temporary directory. */
async function withCrate(
  files: Record<string, string>,
  use: (manifestPath: string, directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "hftlive-cargo-" });
  try {
    const manifestPath = `${directory}/Cargo.toml`;
    await Deno.writeTextFile(
      manifestPath,
      `[package]
name = "sample"
version = "0.1.0"
edition = "2024"
[lib]
crate-type = ["cdylib"]
[features]
default = ["two"]
two = []
one = []
[workspace]
`,
    );
    await Deno.mkdir(`${directory}/src`);
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${directory}/${name}`, text);
    }
    await use(manifestPath, directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test({
  name: "cargo: a build reports its progress and where the library is",
  ignore: noCargo !== undefined,
  async fn() {
    await withCrate({ "src/lib.rs": "" }, async (manifestPath) => {
      const progress: BuildProgress[] = [];
      const artifacts = await cargoBuild({
        manifestPath,
        onProgress: (step) => progress.push(step),
      });
      assertEquals(progress.map(({ done, name }) => [done, name]), [[1, "sample"]]);
      // Cargo draws its bar on stderr, which may be read after stdout.
      assert(progress[0]!.total === 1 || progress[0]!.total === undefined);
      const [artifact] = artifacts;
      assert(artifact);
      assertEquals([artifact.name, artifact.kinds, artifact.fresh], ["sample", ["cdylib"], false]);
      assert((await Deno.stat(artifact.filenames[0]!)).isFile);

      const again = await cargoBuild({ manifestPath });
      assertEquals(again[0]?.fresh, true);
    });
  },
});

Deno.test({
  name: "cargo: features, profile and target directory are passed on",
  ignore: noCargo !== undefined,
  async fn() {
    const source = `
#[cfg(not(feature = "one"))] compile_error!("one is off");
#[cfg(feature = "two")] compile_error!("two is on");
`;
    await withCrate({ "src/lib.rs": source }, async (manifestPath, directory) => {
      const targetDir = `${directory}/elsewhere`;
      const artifacts = await cargoBuild({
        manifestPath,
        packageName: "sample",
        features: ["one"],
        defaultFeatures: false,
        release: false,
        targetDir,
      });
      assertStringIncludes(artifacts[0]!.filenames[0]!, `${targetDir}/debug/`);
      await assertRejects(() => cargoBuild({ manifestPath }), CargoBuildError, "one is off");
    });
  },
});

Deno.test({
  name: "cargo: a build that fails tells its first error and the end of the output",
  ignore: noCargo !== undefined,
  async fn() {
    const source = `fn f() -> u32 { "x" }\nfn g() { h(); }`;
    await withCrate({ "src/lib.rs": source }, async (manifestPath) => {
      const error = await assertRejects(() => cargoBuild({ manifestPath }), CargoBuildError);
      assertEquals([error.exitCode, error.manifestPath], [101, manifestPath]);
      assertStringIncludes(error.message, "mismatched types --> src/lib.rs:1:17");
      assertStringIncludes(error.firstError, "expected `u32`, found `&str`");
      assert(!error.firstError.includes("cannot find function"));
      assertStringIncludes(error.outputTail, "cannot find function `h`");
    });
  },
});

Deno.test({
  name: "cargo: a missing manifest or folder is a build error",
  ignore: noCargo !== undefined,
  async fn() {
    await withCrate({}, async (_, directory) => {
      await assertRejects(
        () => cargoBuild({ manifestPath: `${directory}/absent.toml` }),
        CargoBuildError,
        "does not exist",
      );
      await assertRejects(
        () => cargoBuild({ manifestPath: `${directory}/absent/Cargo.toml` }),
        CargoBuildError,
        "no directory",
      );
    });
  },
});

Deno.test("cargo: a machine without cargo is told how to get it", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const cargo = `${directory}/cargo`;
    const error = await assertRejects(
      () => cargoBuild({ manifestPath: `${directory}/Cargo.toml`, cargo }),
      CargoNotFoundError,
      "https://rustup.rs",
    );
    assertEquals(error.cargo, cargo);
  } finally {
    await Deno.remove(directory);
  }
});

Deno.test({
  name: "cargo: without --allow-run the error names the flag",
  permissions: { read: true },
  async fn() {
    const error = await assertRejects(
      () => cargoBuild({ manifestPath: "native/Cargo.toml" }),
      MissingPermissionError,
    );
    assertEquals(error.flags, ["--allow-run=cargo"]);
  },
});

Deno.test({
  name: "cargo: an abort ends cargo and what it has started",
  ignore: noCargo !== undefined || Deno.build.os === "windows",
  async fn() {
    const build = `fn main() {
      std::fs::write("pid", std::process::id().to_string()).unwrap();
      std::thread::sleep(std::time::Duration::from_secs(600));
    }`;
    await withCrate({ "src/lib.rs": "", "build.rs": build }, async (manifestPath, directory) => {
      const controller = new AbortController();
      const reason = new Error("no longer wanted");
      const building = cargoBuild({ manifestPath, signal: controller.signal });
      const pid = Number(await firstText(`${directory}/pid`));
      assert(isRunning(pid));
      controller.abort(reason);
      assertEquals(await building.catch((error) => error), reason);
      while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
    });
  },
});

Deno.test("cargo: an aborted signal starts nothing", async () => {
  await assertRejects(
    () => cargoBuild({ manifestPath: "/absent/Cargo.toml", signal: AbortSignal.abort() }),
    DOMException,
  );
});

Deno.test({
  name: "cargo: a listener that throws ends the build with its error",
  ignore: noCargo !== undefined,
  async fn() {
    await withCrate({ "src/lib.rs": "" }, async (manifestPath) => {
      const onProgress = () => {
        throw new RangeError("listener");
      };
      await assertRejects(() => cargoBuild({ manifestPath, onProgress }), RangeError, "listener");
    });
  },
});

Deno.test({
  name: "cargo: another build in the same folder is told of, and waited for",
  ignore: noCargo !== undefined,
  async fn() {
    const build = `fn main() {
      while !std::path::Path::new("go").exists() {
        std::thread::sleep(std::time::Duration::from_millis(10));
      }
    }`;
    await withCrate({ "src/lib.rs": "", "build.rs": build }, async (manifestPath, directory) => {
      const first = Promise.withResolvers<void>();
      const firstBuild = cargoBuild({ manifestPath, onProgress: () => first.resolve() });
      await first.promise;
      const blocked: string[] = [];
      await cargoBuild({
        manifestPath,
        onProgress: ({ waiting, name }) => {
          if (!waiting) return;
          blocked.push(name);
          Deno.writeTextFileSync(`${directory}/go`, "");
        },
      });
      assertEquals(blocked.length, 1);
      assertStringIncludes(blocked[0]!, "lock");
      await firstBuild;
    });
  },
});

Deno.test("cargo: lines that are no artifact, and bars that are none, are passed over", () => {
  for (const line of ["", "{", "null", "hello", '{"reason":"build-finished"}', '{"reason":1}']) {
    assertEquals(parseArtifact(line), undefined);
  }
  assertEquals(parseProgressBar("    Building [=>   ] 12/88: serde, libc"), {
    done: 12,
    total: 88,
  });
  assertEquals(parseProgressBar("   Compiling serde v1.0.0"), undefined);
  assertEquals(parseBlocking("   Compiling serde v1.0.0"), undefined);
});

Deno.test("cargo: the output that is kept is bounded", () => {
  const output = new BuildOutput(3);
  for (let i = 0; i < 1000; i++) output.add(`error: ${i} ${"x".repeat(10_000)}`);
  assertEquals(output.tail.split("\n").length, 3);
  assertEquals(output.firstError.split("\n").length, 3);
  assert(output.tail.length < 10_000);
});

async function firstText(path: string): Promise<string> {
  for (;;) {
    const text = await Deno.readTextFile(path).catch(() => "");
    if (text !== "") return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether a process runs; one that ended but is not yet reaped by its parent does not. */
function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    if (Deno.build.os !== "linux") return true;
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}
