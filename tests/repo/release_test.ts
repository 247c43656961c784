/**
 * The release workflow, as far as it can be checked without running it.
 */

import { assert, assertEquals } from "@std/assert";
import { parse } from "yaml";
import { z } from "zod";
import config from "../../deno.json" with { type: "json" };
import { COMMANDS } from "../../lib/cli/commands.ts";
import { RELEASE_TARGETS, releaseFileName } from "../../lib/native/release.ts";
import { RELEASE } from "../../lib/native/release_manifest.ts";
import { sha256 } from "../../lib/native/sources.ts";
import { compileArguments, libraryOf, WORKERS } from "../../tasks/compile_arguments.ts";
import { releaseModule, releaseOf } from "../../tasks/release_manifest.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { ROOT } from "./run.ts";

const JOB = z.object({
  needs: z.string().optional(),
  permissions: z.record(z.string(), z.string()).optional(),
  strategy: z.object({
    matrix: z.object({
      include: z.array(z.object({ target: z.string(), os: z.string() })),
    }),
  }).optional(),
  steps: z.array(z.object({
    run: z.string().optional(),
    uses: z.string().optional(),
    with: z.object({ name: z.string().optional(), pattern: z.string().optional() }).optional(),
  })),
});
const WORKFLOW = z.object({
  on: z.object({ push: z.object({ tags: z.array(z.string()) }) }),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), JOB),
});

const workflow = WORKFLOW.parse(
  parse(await Deno.readTextFile(`${ROOT}/.github/workflows/release.yml`)),
);

Deno.test("library and program are made for the targets that the code knows", () => {
  for (const name of ["library", "program"]) {
    const { include } = workflow.jobs[name]?.strategy?.matrix ?? { include: [] };
    assertEquals(include.map(({ target }) => target), [...RELEASE_TARGETS], name);
    for (const { target, os } of include) {
      assertEquals(os.startsWith("macos"), target.includes("darwin"), os);
      assertEquals(
        target.startsWith("aarch64"),
        /-arm$|^macos-\d+$/.test(os),
        `${target} on ${os}`,
      );
    }
  }
});

Deno.test("jobs wait for each other, up to the checks", () => {
  const order: string[] = [];
  for (let name: string | undefined = "publish"; name; name = workflow.jobs[name]?.needs) {
    order.unshift(name);
  }
  assertEquals(order, ["check", "library", "manifest", "program", "publish"]);
  assertEquals(order.length, Object.keys(workflow.jobs).length);
});

Deno.test("only the job that publishes may write", () => {
  assertEquals(workflow.permissions, { contents: "read" });
  for (const [name, { permissions }] of Object.entries(workflow.jobs)) {
    const expected = { contents: "write", "id-token": "write", attestations: "write" };
    assertEquals(permissions, name === "publish" ? expected : undefined, name);
  }
});

Deno.test("the files are released before the module that names them", () => {
  const steps = workflow.jobs.publish?.steps.map(({ run = "" }) => run) ?? [];
  const release = steps.findIndex((run) => run.includes("gh release create"));
  const jsr = steps.findIndex((run) => run === "deno publish --allow-dirty");
  assert(0 < release && release < jsr);
});

Deno.test("what the workflows run is there", async () => {
  const commands = COMMANDS.map(({ name }) => name);
  const known: readonly [string, RegExp, readonly string[]][] = [
    ["task", /\bdeno task ([\w:-]+)/g, Object.keys(config.tasks)],
    ["permission set", /-P=(\w+)/g, Object.keys(config.permissions)],
    ["command", /\bcli\.ts ([a-z]+(?: [a-z]+)?)/g, commands],
    ["program's command", /(?:hftlive|\$program)" ([a-z]+(?: [a-z]+)?)/g, commands],
    ["crate", /--package (\w+)/g, ["hftlive"]],
  ];
  const seen = new Set<string>();
  for await (const { name } of Deno.readDir(`${ROOT}/.github/workflows`)) {
    const text = await Deno.readTextFile(`${ROOT}/.github/workflows/${name}`);
    for (const [path] of text.matchAll(/(?<![\w/])(?:tasks|tests|native)\/[\w./]+\.(ts|toml)\b/g)) {
      assert((await Deno.stat(`${ROOT}/${path}`)).isFile, path);
    }
    for (const [what, pattern, names] of known) {
      for (const [, word = ""] of text.matchAll(pattern)) {
        assert(names.includes(word), `${name}: no ${what} ${word}`);
        seen.add(what);
      }
    }
  }
  assertEquals([...seen].sort(), known.map(([what]) => what).sort());
});

Deno.test("what a job downloads, a job before it has uploaded", () => {
  const uploaded: string[] = [];
  for (const name of ["check", "library", "manifest", "program", "publish"]) {
    const steps = workflow.jobs[name]?.steps ?? [];
    for (const { uses = "", with: { name = "", pattern = name } = {} } of steps) {
      if (!uses.startsWith("actions/download-artifact@")) continue;
      const globs = /^\{(.*)\}(.*)$/.exec(pattern);
      const wanted = globs?.[1]?.split(",").map((part) => part + globs[2]) ?? [pattern];
      for (const glob of wanted) {
        const start = glob.replace(/\*$|\$\{\{.*$/, "");
        assert(uploaded.some((artifact) => artifact.startsWith(start)), `${pattern}: ${uploaded}`);
      }
    }
    for (const { uses = "", with: { name = "" } = {} } of steps) {
      if (uses.startsWith("actions/upload-artifact@")) uploaded.push(name);
    }
  }
  assertEquals(uploaded.length, 3);
});

Deno.test("the list of a release has each target's file, and is the module's", async () => {
  await using folder = await TempDirectory.create();
  for (const target of RELEASE_TARGETS) await folder.write(releaseFileName(target), target);
  const release = await releaseOf("https://example.org/v1", folder.path);
  assertEquals(release.baseUrl, "https://example.org/v1/");
  assertEquals(Object.keys(release.sha256), [...RELEASE_TARGETS]);
  for (const target of RELEASE_TARGETS) {
    assertEquals(release.sha256[target], await sha256(new TextEncoder().encode(target)));
  }
  const module = releaseModule(release).replace('"./release.ts"', `"${import.meta.url}"`);
  const url = `data:application/typescript,${encodeURIComponent(module)}`;
  assertEquals((await import(url)).RELEASE, release);
});

Deno.test("a checkout is a development version", async () => {
  assertEquals(RELEASE, undefined);
  const module = await Deno.readTextFile(`${ROOT}/lib/native/release_manifest.ts`);
  assertEquals(module, releaseModule(undefined));
});

Deno.test("a compiled program holds each worker, and the library where it is looked for", async () => {
  const workers: string[] = [];
  for await (const path of sources(`${ROOT}/lib`)) {
    const text = await Deno.readTextFile(path);
    if (!/\bnew Worker\(/.test(text)) continue;
    for (const [, file] of text.matchAll(/new URL\("\.\/([\w/]+\.ts)", import\.meta\.url\)/g)) {
      workers.push(`${path.slice(ROOT.length + 1, path.lastIndexOf("/"))}/${file}`);
    }
  }
  assertEquals(workers.sort(), [...WORKERS].sort());
  const { target } = Deno.build;
  const args = compileArguments({ target, output: "dist/x", hasLibrary: true });
  for (const path of [...WORKERS, libraryOf(target)]) assert(args.includes(`--include=${path}`));
});

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}
