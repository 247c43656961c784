import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { InvalidInputError } from "../../lib/model/errors.ts";
import { installNativeLibrary, type InstallOptions } from "../../lib/native/install.ts";
import { download } from "../../lib/native/install_download.ts";
import { NativeInstallError } from "../../lib/native/install_error.ts";
import { cachedLibraryPath } from "../../lib/native/library_path.ts";
import { type NativeRelease, releaseFileName } from "../../lib/native/release.ts";
import { sha256 } from "../../lib/native/sources.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const LIBRARY = new TextEncoder().encode("the library\n".repeat(10_000));
const FILE = releaseFileName(Deno.build.target);

async function releaseAt(baseUrl: string): Promise<NativeRelease> {
  return { baseUrl, sha256: { [Deno.build.target]: await sha256(LIBRARY) } };
}

/** A server on loopback that answers each request as it is told. */
function serve(answer: (request: Request) => Response): Disposable & { url: string } {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1/`,
    [Symbol.dispose]: () => void server.shutdown(),
  };
}

/** A server that promises a whole file and closes after half of it. */
function serveHalf(): Disposable & { url: string } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(4_096));
      const head = `HTTP/1.1 200 OK\r\ncontent-length: ${LIBRARY.length}\r\n\r\n`;
      const bytes = [...new TextEncoder().encode(head), ...LIBRARY.slice(0, LIBRARY.length / 2)];
      const writer = connection.writable.getWriter();
      await writer.write(new Uint8Array(bytes));
      await writer.close();
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  return { url: `http://127.0.0.1:${port}/`, [Symbol.dispose]: () => listener.close() };
}

async function failure(options: InstallOptions): Promise<NativeInstallError> {
  return await assertRejects(() => installNativeLibrary(options), NativeInstallError);
}

/** What is left under a directory, as paths of files. */
async function filesIn(directory: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (isDirectory) files.push(...await filesIn(`${directory}/${name}`));
    else files.push(name);
  }
  return files;
}

function installedPath(cacheDir: string): string {
  return cachedLibraryPath(cacheDir, { os: Deno.build.os, target: Deno.build.target });
}

Deno.test("the library comes from the release, and is not taken twice", async () => {
  await using cache = await TempDirectory.create();
  const asked: string[] = [];
  using server = serve((request) => {
    asked.push(new URL(request.url).pathname);
    return new Response(LIBRARY);
  });
  const options = { release: await releaseAt(server.url), cacheDir: cache.path };
  const progress: number[] = [];
  const first = await installNativeLibrary({
    ...options,
    onProgress: ({ bytes }) => progress.push(bytes),
  });
  assertEquals(first, {
    path: installedPath(cache.path),
    source: `${server.url}${FILE}`,
    sha256: await sha256(LIBRARY),
  });
  assertEquals(await Deno.readFile(first.path), LIBRARY);
  assertEquals(progress.at(-1), LIBRARY.length);
  assertEquals((await installNativeLibrary(options)).source, undefined);
  assertEquals(asked, [`/v1/${FILE}`]);
  await installNativeLibrary({ ...options, force: true });
  assertEquals(asked.length, 2);
  assertEquals((await filesIn(cache.path)).length, 1);
});

Deno.test("a library that is damaged is taken again", async () => {
  await using cache = await TempDirectory.create();
  await using mirror = await TempDirectory.create();
  await Deno.writeFile(mirror.file(FILE), LIBRARY);
  const release = await releaseAt("http://127.0.0.1:1/");
  const options = { release, cacheDir: cache.path, from: mirror.path };
  const { path } = await installNativeLibrary(options);
  await Deno.writeTextFile(path, "damaged");
  assertEquals((await installNativeLibrary(options)).source, mirror.file(FILE));
  assertEquals(await Deno.readFile(path), LIBRARY);
});

Deno.test("a mirror may be a directory or a URL, with or without a slash", async () => {
  await using mirror = await TempDirectory.create();
  await Deno.writeFile(mirror.file(FILE), LIBRARY);
  using server = serve(() => new Response(LIBRARY));
  const release = await releaseAt("http://127.0.0.1:1/");
  for (const from of [mirror.path, `${mirror.path}/`, server.url, server.url.slice(0, -1)]) {
    await using cache = await TempDirectory.create();
    const { path } = await installNativeLibrary({ release, from, cacheDir: cache.path });
    assertEquals(await Deno.readFile(path), LIBRARY);
  }
});

Deno.test("a file with another hash is refused, and what was there stays", async () => {
  await using cache = await TempDirectory.create();
  const path = installedPath(cache.path);
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, "what was there");
  using server = serve(() => new Response("another library"));
  const release = await releaseAt(server.url);
  const error = await failure({ release, cacheDir: cache.path });
  assertEquals(error.reason, "mismatch");
  assertEquals(
    error.message,
    `Cannot install ${server.url}${FILE}: its SHA-256 is ${await sha256(
      new TextEncoder().encode("another library"),
    )} (15 bytes), expected ${await sha256(LIBRARY)}`,
  );
  assertEquals(await Deno.readTextFile(path), "what was there");
  assertEquals((await filesIn(cache.path)).length, 1);
});

Deno.test("a download that is cut leaves nothing behind", async () => {
  await using cache = await TempDirectory.create();
  using server = serveHalf();
  const error = await failure({ release: await releaseAt(server.url), cacheDir: cache.path });
  assertEquals(error.reason, "unavailable");
  assertStringIncludes(error.message, `Cannot download ${server.url}${FILE}: `);
  assertEquals(await filesIn(cache.path), []);
});

Deno.test("a server that falls silent is given up", async () => {
  using server = serve(() =>
    new Response(new ReadableStream({ start: (control) => control.enqueue(LIBRARY) }))
  );
  const error = await assertRejects(
    () => download(new URL(server.url), { place: "here", stallMs: 50 }),
    NativeInstallError,
  );
  assertEquals(error.message, "Cannot download here: nothing came for 0.05 s");
});

Deno.test("a file that is missing is not to be had", async () => {
  await using cache = await TempDirectory.create();
  using server = serve(() => new Response("no", { status: 404 }));
  const release = await releaseAt(server.url);
  const remote = await failure({ release, cacheDir: cache.path });
  assertEquals(remote.reason, "unavailable");
  assertEquals(
    remote.message,
    `Cannot download ${server.url}${FILE}: the server answered 404`,
  );
  const local = await failure({ release, cacheDir: cache.path, from: cache.path });
  assertEquals(local.reason, "unavailable");
  assertEquals(local.message, `Cannot install ${cache.file(FILE)}: no such file`);
});

Deno.test("a version without a list, and a machine without a library, say so", async () => {
  const development = await failure({ release: undefined });
  assertEquals(development.reason, "unavailable");
  assertStringIncludes(development.message, "is a development version");
  const other = await failure({
    release: { baseUrl: "http://127.0.0.1:1/", sha256: { "riscv64-plan9": "" } },
  });
  assertEquals(other.reason, "unavailable");
  assertStringIncludes(other.message, `was not released for ${Deno.build.target}`);
});

Deno.test("a cache that cannot be written is told, and is no reason to build", async () => {
  await using place = await TempDirectory.create();
  const cacheDir = await place.write("cache", "a file where the cache should be");
  await Deno.writeFile(place.file(FILE), LIBRARY);
  const release = await releaseAt("http://127.0.0.1:1/");
  const error = await failure({ release, from: place.path, cacheDir });
  assertEquals(error.reason, "unwritable");
  assertStringIncludes(error.message, `Cannot write the native library ${cacheDir}/`);
});

Deno.test("a mirror's credentials are in no message", async () => {
  await using cache = await TempDirectory.create();
  using server = serve(() => new Response("no", { status: 403 }));
  const from = server.url.replace("//", "//user:hunter2@");
  const release = await releaseAt(server.url);
  const error = await failure({ release, cacheDir: cache.path, from });
  assert(!error.message.includes("hunter2"), error.message);
});

Deno.test("a mirror is a directory, http or https", async () => {
  const release = await releaseAt("http://127.0.0.1:1/");
  for (const from of ["ftp://mirror/", "data:text/plain,x"]) {
    const error = await assertRejects(
      () => installNativeLibrary({ release, from }),
      InvalidInputError,
    );
    assertStringIncludes(error.message, "expected a directory, or a URL with http or https");
  }
});

Deno.test("an abort ends the download", async () => {
  await using cache = await TempDirectory.create();
  const stop = new AbortController();
  using server = serve(() =>
    new Response(new ReadableStream({ start: (control) => control.enqueue(LIBRARY) }))
  );
  const reason = new Error("enough");
  const release = await releaseAt(server.url);
  const error = await assertRejects(() =>
    installNativeLibrary({
      ...{ release, cacheDir: cache.path, signal: stop.signal },
      onProgress: () => stop.abort(reason),
    })
  );
  assertEquals(error, reason);
  assertEquals(await filesIn(cache.path), []);
});
