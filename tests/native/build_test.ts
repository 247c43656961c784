/**
 * `native build` of a package that was imported over the network, with a registry
 * on loopback and a real cargo.
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { buildNativeLibrary, type NativeBuildProgress } from "../../lib/cli/native_build.ts";
import { ABI_VERSION } from "../../lib/bot/record.ts";
import { NativeLibrary } from "../../lib/native/library.ts";
import { cachedLibraryPath } from "../../lib/native/library_path.ts";
import { NativeSourceError } from "../../lib/native/sources.ts";
import { currentManifest } from "../../tasks/native_manifest.ts";
import { nativeReady } from "../support/native_ready.ts";
import { servePackage } from "../support/package_server.ts";
import { inCheckout } from "../support/checkout.ts";
import { programMissing } from "../support/programs.ts";

const TARGET = inCheckout("native/target/");
const missing = nativeReady({ simConnector: false }) ?? await reasonNotToBuild();
if (missing !== undefined) console.log(`the test of native build is skipped: ${missing}`);

/** It compiles for a minute, or for several when the checkout's own build is out of date. */
async function reasonNotToBuild(): Promise<string | undefined> {
  if (Deno.env.get("HFTLIVE_TEST_BUILD") !== "1") return "HFTLIVE_TEST_BUILD=1 runs it";
  const noCargo = await programMissing("cargo");
  if (noCargo !== undefined) return noCargo;
  try {
    await Deno.stat(`${TARGET}release/.fingerprint`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

Deno.test({
  name: "native build: a package from a registry is fetched, verified, built and loaded",
  ignore: missing !== undefined,
  async fn() {
    // On the disk of the build folder, for links into it.
    const cacheDir = await Deno.makeTempDir({ dir: TARGET, prefix: "cache-" });
    await using server = servePackage();
    try {
      const targetDir = `${cacheDir}/target`;
      await linkDependencies(`${TARGET}release`, `${targetDir}/release`);
      const progress: NativeBuildProgress[] = [];
      const manifest = await currentManifest();
      const path = await buildNativeLibrary({
        cacheDir,
        targetDir,
        sources: { baseUrl: server.url, manifest },
        onProgress: (step) => progress.push(step),
      });
      assertEquals(path, cachedLibraryPath(cacheDir, Deno.build));
      assertEquals(
        progress.filter(({ phase }) => phase === "fetch").length,
        Object.keys(manifest).length,
      );
      assertEquals(progress.at(-1)?.phase, "compile");
      assertEquals(progress.at(-1)?.name, "hftlive");
      using library = NativeLibrary.open({ libraryPath: path });
      assertEquals(library.info().abiVersion, ABI_VERSION);
      assertEquals(names(cacheDir), [Deno.build.target, "target"].sort());

      // What is there is taken, and nothing is fetched for it.
      const sources = { baseUrl: "http://127.0.0.1:9/" };
      assertEquals(await buildNativeLibrary({ cacheDir, sources }), path);
    } finally {
      await Deno.remove(cacheDir, { recursive: true });
    }
  },
});

Deno.test("native build: a tampered source builds nothing and leaves nothing behind", async () => {
  await using server = servePackage((path, bytes) =>
    path.endsWith("/Cargo.lock") ? bytes.subarray(1) : bytes
  );
  const cacheDir = await Deno.makeTempDir({ prefix: "hftlive-cache-" });
  try {
    const error = await assertRejects(
      () => buildNativeLibrary({ cacheDir, sources: { baseUrl: server.url } }),
      NativeSourceError,
    );
    assert(error.file.startsWith("native/"));
    assertEquals(names(cacheDir), []);
  } finally {
    await Deno.remove(cacheDir, { recursive: true });
  }
});

function names(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
}

/** Gives a build what another has compiled, except for the crates of the workspace itself. */
async function linkDependencies(from: string, to: string): Promise<void> {
  for (const folder of ["deps", "build", ".fingerprint"]) {
    await linkTree(`${from}/${folder}`, `${to}/${folder}`);
  }
}

async function linkTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (/^(lib)?(hftlive|sim[-_]connector|bench)\b/.test(name)) continue;
    if (isDirectory) await linkTree(`${from}/${name}`, `${to}/${name}`);
    else await Deno.link(`${from}/${name}`, `${to}/${name}`);
  }
}
