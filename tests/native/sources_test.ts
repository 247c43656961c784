import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MissingPermissionError } from "@hftlive/hftlive";
import { SOURCE_MANIFEST } from "../../lib/native/source_manifest.ts";
import {
  fetchNativeSources,
  NativeSourceError,
  sha256,
  type SourceManifest,
} from "../../lib/native/sources.ts";
import { currentManifest } from "../../tasks/native_manifest.ts";
import { servePackage } from "../support/package_server.ts";

const MANIFEST = await currentManifest();
const FILES = Object.keys(MANIFEST);

async function inTempDir(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "hftlive-sources-" });
  try {
    await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function names(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name);
}

Deno.test("native sources: the manifest in the package is that of the files", () => {
  assertEquals(
    SOURCE_MANIFEST,
    MANIFEST,
    "out of date: run deno run -A tasks/native_manifest.ts",
  );
});

Deno.test("native sources: the manifest has what cargo needs, and nothing that it made", () => {
  for (const file of ["native/Cargo.toml", "native/Cargo.lock"]) assert(FILES.includes(file));
  assert(FILES.includes("native/crates/hftlive/src/lib.rs"));
  assertEquals(FILES.filter((file) => file.includes("/target/")), []);
});

Deno.test("native sources: a package served over HTTP arrives complete", async () => {
  await using server = servePackage();
  await inTempDir(async (directory) => {
    const target = `${directory}/source`;
    let last = 0;
    await fetchNativeSources(target, {
      baseUrl: server.url,
      manifest: MANIFEST,
      onProgress: ({ done, total }) => {
        assertEquals([done, total], [last + 1, FILES.length]);
        last = done;
      },
    });
    assertEquals(last, FILES.length);
    for (const [file, hash] of Object.entries(MANIFEST)) {
      assertEquals(await sha256(await Deno.readFile(`${target}/${file}`)), hash);
    }
    assertEquals(names(directory), ["source"]);
  });
});

Deno.test("native sources: what was there before is replaced", async () => {
  await using server = servePackage();
  await inTempDir(async (directory) => {
    const target = `${directory}/source`;
    await Deno.mkdir(target);
    await Deno.writeTextFile(`${target}/old.rs`, "old");
    await fetchNativeSources(target, { baseUrl: server.url, manifest: MANIFEST });
    assertEquals(names(target), ["native"]);
  });
});

Deno.test("native sources: a tampered file is named, and nothing is left behind", async () => {
  const file = "native/crates/hftlive/src/lib.rs";
  await using server = servePackage((path, bytes) => {
    if (path === file) bytes[0]! ^= 1;
    return bytes;
  });
  await inTempDir(async (directory) => {
    const error = await assertRejects(
      () => fetchNativeSources(`${directory}/source`, { baseUrl: server.url, manifest: MANIFEST }),
      NativeSourceError,
    );
    assertEquals(error.file, file);
    assertEquals(error.url, `${server.url}${file}`);
    assertStringIncludes(error.message, MANIFEST[file]!);
    assertEquals(names(directory), []);
  });
});

Deno.test("native sources: a tampered file leaves the earlier sources as they were", async () => {
  await using server = servePackage((_, bytes) => bytes.subarray(1));
  await inTempDir(async (directory) => {
    await Deno.mkdir(`${directory}/source`);
    await assertRejects(
      () => fetchNativeSources(`${directory}/source`, { baseUrl: server.url, manifest: MANIFEST }),
      NativeSourceError,
    );
    assertEquals(names(directory), ["source"]);
  });
});

Deno.test("native sources: a missing file and an absent server are named", async () => {
  const manifest: SourceManifest = { "native/absent.rs": "00" };
  let url: string;
  {
    await using server = servePackage();
    url = server.url;
    await inTempDir(async (directory) => {
      const error = await assertRejects(
        () => fetchNativeSources(`${directory}/source`, { baseUrl: url, manifest }),
        NativeSourceError,
        "404",
      );
      assertEquals(error.file, "native/absent.rs");
      assertEquals(names(directory), []);
    });
  }
  await inTempDir(async (directory) => {
    await assertRejects(
      () => fetchNativeSources(`${directory}/source`, { baseUrl: url, manifest }),
      NativeSourceError,
      "native/absent.rs",
    );
    assertEquals(names(directory), []);
  });
});

Deno.test("native sources: an abort leaves nothing behind", async () => {
  await using server = servePackage();
  await inTempDir(async (directory) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    await assertRejects(
      () =>
        fetchNativeSources(`${directory}/source`, {
          baseUrl: server.url,
          manifest: MANIFEST,
          signal: controller.signal,
          onProgress: () => controller.abort(reason),
        }),
      Error,
      "enough",
    );
    assertEquals(names(directory), []);
  });
});

Deno.test({
  name: "native sources: without permissions the flags are named",
  permissions: {},
  async fn() {
    const error = await assertRejects(
      () => fetchNativeSources("/cache/source", { baseUrl: "https://jsr.io/x/" }),
      MissingPermissionError,
    );
    assertEquals(error.flags, ["--allow-net=jsr.io", "--allow-read", "--allow-write"]);
  },
});
