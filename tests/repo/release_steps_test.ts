/**
 * Steps of the release workflow, run as they are written in a copy of the checkout, with stand-ins
 * for the libraries.
 */

import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { parse } from "yaml";
import { z } from "zod";
import config from "../../deno.json" with { type: "json" };
import { cacheDirectory, cachedLibraryPath } from "../../lib/native/library_path.ts";
import { RELEASE_TARGETS, releaseFileName } from "../../lib/native/release.ts";
import { sha256 } from "../../lib/native/sources.ts";
import { libraryOf } from "../../tasks/compile_arguments.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { type Result, ROOT } from "./run.ts";

const STEP = z.object({
  name: z.string().optional(),
  run: z.string().optional(),
  "working-directory": z.string().optional(),
});
const WORKFLOW = z.object({
  jobs: z.record(z.string(), z.object({ steps: z.array(STEP) })),
});
const { jobs } = WORKFLOW.parse(
  parse(await Deno.readTextFile(`${ROOT}/.github/workflows/release.yml`)),
);

/** What the checkout needs for these steps. */
const PARTS = ["cli.ts", "deno.json", "denow", "lib", "mod.ts", "offline", "tasks"];
const TARGET = Deno.build.target;
const VERSION = config.version;

/** A copy of the checkout, as a job finds it. */
class Workspace implements AsyncDisposable {
  readonly #directory: TempDirectory;

  private constructor(directory: TempDirectory) {
    this.#directory = directory;
  }

  static async create(): Promise<Workspace> {
    const directory = await TempDirectory.create();
    const workspace = new Workspace(directory);
    await Deno.mkdir(workspace.path(""));
    await Deno.mkdir(directory.file("bin"));
    await directory.write("bin/deno", `#!/bin/sh\nexec '${workspace.path("denow")}' "$@"\n`, {
      mode: 0o755,
    });
    const copied = await new Deno.Command("cp", {
      args: ["-R", ...PARTS.map((part) => `${ROOT}/${part}`), workspace.path("")],
    }).output();
    assertEquals(copied.code, 0);
    return workspace;
  }

  path(file: string): string {
    return this.#directory.file(`checkout/${file}`);
  }

  /** The runner's directory for temporary files. */
  temporary(file: string): string {
    return this.#directory.file(`runner/${file}`);
  }

  /** Runs a step of a job, on a machine of a target. */
  async run(job: string, name: string, target: string = TARGET): Promise<Result> {
    const step = jobs[job]?.steps.find((step) => step.name === name);
    if (step?.run === undefined) throw new Error(`job ${job} has no step ${name}`);
    const script = step.run.replaceAll("${{ matrix.target }}", target);
    const { code, stdout, stderr } = await new Deno.Command("bash", {
      args: ["-e", "-o", "pipefail", "-c", script],
      cwd: this.path(step["working-directory"] ?? ""),
      stdin: "null",
      env: {
        PATH: `${this.#directory.file("bin")}:${Deno.env.get("PATH")}`,
        DENOW_DENO: Deno.execPath(),
        DENO_DIR: denoDirectory(),
        NO_COLOR: "1",
        GITHUB_REF_NAME: `v${VERSION}`,
        RELEASE_URL: "https://example.org/v1/",
        RUNNER_TEMP: this.temporary(""),
      },
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#directory[Symbol.asyncDispose]();
  }
}

/** Deno's own cache: a step moves the caches of all programs. */
function denoDirectory(): string {
  const home = Deno.env.get("HOME");
  const cache = Deno.build.os === "darwin"
    ? `${home}/Library/Caches`
    : Deno.env.get("XDG_CACHE_HOME") ?? `${home}/.cache`;
  return Deno.env.get("DENO_DIR") ?? `${cache}/deno`;
}

function ok({ code, stderr }: Result): void {
  assertEquals(code, 0, stderr);
}

Deno.test("release: libraries are named, listed with their hashes, and taken by native install", async (t) => {
  await using workspace = await Workspace.create();
  const library = (target: string) => `the library for ${target}`;
  for (const target of RELEASE_TARGETS) {
    await t.step(`${target}: the library is named`, async () => {
      const built = workspace.path(libraryOf(target));
      await Deno.mkdir(built.slice(0, built.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(built, library(target));
      ok(await workspace.run("library", "Name it as the release does", target));
      const named = workspace.path(`dist/library/${releaseFileName(target)}`);
      assertEquals(await Deno.readTextFile(named), library(target));
    });
  }
  await t.step("the module gets the list", async () => {
    ok(await workspace.run("manifest", "The list of hashes that the module ships"));
    const module = await Deno.readTextFile(workspace.path("lib/native/release_manifest.ts"));
    for (const target of RELEASE_TARGETS) {
      const hash = await sha256(new TextEncoder().encode(library(target)));
      assertStringIncludes(module, `"${target}": "${hash}"`);
    }
  });
  await t.step("a program is compiled with the library", async () => {
    await Deno.remove(workspace.path(libraryOf(TARGET)));
    ok(await workspace.run("program", "Put the library where cargo leaves it"));
    assertEquals(await Deno.readTextFile(workspace.path(libraryOf(TARGET))), library(TARGET));
  });
  await t.step("native install takes it from a mirror", async () => {
    ok(await workspace.run("program", "Install it as users will, from a mirror"));
    const env = (name: string) =>
      ({ HOME: workspace.temporary("home"), XDG_CACHE_HOME: workspace.temporary("cache") })[name];
    const cache = cacheDirectory({ os: Deno.build.os, version: VERSION, env }) ?? "";
    const installed = cachedLibraryPath(cache, { os: Deno.build.os, target: TARGET });
    assertEquals(await Deno.readTextFile(installed), library(TARGET));
  });
  await t.step("native install refuses another library", async () => {
    const file = workspace.path(`dist/library/${releaseFileName(TARGET)}`);
    await Deno.writeTextFile(file, "another");
    await Deno.remove(workspace.temporary(""), { recursive: true });
    const { code, stderr } = await workspace.run(
      "program",
      "Install it as users will, from a mirror",
    );
    assertEquals(code, 1);
    assertStringIncludes(stderr, "its SHA-256 is");
  });
});

const ignore = Deno.build.os !== "linux";
if (ignore) console.log("the test of the release's sums is skipped: its job runs on Linux");

Deno.test("release: the sums are of all files, and hold", { ignore }, async () => {
  await using workspace = await Workspace.create();
  const folder = workspace.path("dist/release");
  await Deno.mkdir(folder, { recursive: true });
  const files = RELEASE_TARGETS.flatMap((target) => [
    releaseFileName(target),
    `hftlive-${target}`,
  ]).sort();
  for (const file of files) await Deno.writeTextFile(`${folder}/${file}`, file);
  // Also when the job is run again.
  for (const _time of ["first", "second"]) {
    ok(await workspace.run("publish", "SHA-256 sums"));
    const sums = await Deno.readTextFile(`${folder}/SHA256SUMS`);
    assertEquals(sums.trimEnd().split("\n").map((line) => line.split("  ")[1]).sort(), files);
  }
  const check = new Deno.Command("sha256sum", {
    args: ["--check", "--strict", "--quiet", "SHA256SUMS"],
    cwd: folder,
    stdout: "null",
    stderr: "null",
  });
  assertEquals((await check.output()).code, 0);
  await Deno.writeTextFile(`${folder}/${files[0]}`, "another");
  assertNotEquals((await check.output()).code, 0);
});

Deno.test("release: a tag of another version is refused", async () => {
  await using workspace = await Workspace.create();
  ok(await workspace.run("check", "The tag is the version"));
  const text = await Deno.readTextFile(workspace.path("deno.json"));
  await Deno.writeTextFile(workspace.path("deno.json"), text.replace(`"${VERSION}"`, '"99.0.0"'));
  assertEquals((await workspace.run("check", "The tag is the version")).code, 1);
});
