/**
 * A registry on loopback that speaks to Deno as JSR does: it takes what `deno publish` sends, and
 * serves it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { sha256 } from "../../lib/native/sources.ts";
import { TempDirectory } from "./temp_directory.ts";

/** A version of a package. */
export interface RegistryPackage {
  /** Its entry points, as in deno.json. */
  readonly exports: Readonly<Record<string, string>>;
  /** Its files, by their paths, such as "/mod.ts". */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** The content types by which Deno tells what to do with a file. */
const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript",
  json: "application/json",
  ts: "text/typescript",
};

/** A registry that runs; `await using` stops it. */
export class JsrRegistry implements AsyncDisposable {
  readonly #packages = new Map<string, Map<string, RegistryPackage>>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#answer(request),
    );
  }

  /** Where it is, for the variable JSR_URL. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** Adds a version of a package, such as "@std/path". */
  add(name: string, version: string, content: RegistryPackage): void {
    const versions = this.#packages.get(name) ?? new Map<string, RegistryPackage>();
    this.#packages.set(name, versions.set(version, content));
  }

  /** A version of a package; undefined if nobody has published it. */
  find(name: string, version: string): RegistryPackage | undefined {
    return this.#packages.get(name)?.get(version);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const api = /^\/api\/scopes\/([\w-]+)\/packages\/([\w-]+)(?:\/versions\/(.+))?$/.exec(pathname);
    if (api !== null) {
      const [, scope, name, version] = api;
      if (request.method === "GET" && version === undefined) return Response.json({ scope, name });
      if (request.method !== "POST" || version === undefined) return notFound();
      const files = await unpack(new Uint8Array(await request.arrayBuffer()));
      const config = JSON.parse(
        new TextDecoder().decode(files.get(searchParams.get("config") ?? "")),
      );
      this.add(`@${scope}/${name}`, version, { exports: config.exports, files });
      return Response.json({ id: crypto.randomUUID(), status: "success", error: null });
    }
    const [, name = "", rest = ""] = /^\/(@[\w-]+\/[\w-]+)\/(.+)$/.exec(pathname) ?? [];
    const versions = this.#packages.get(name);
    if (versions === undefined) return notFound();
    if (rest === "meta.json") {
      return Response.json({ versions: Object.fromEntries([...versions.keys()].map(emptyEntry)) });
    }
    const [, described] = /^(.+)_meta\.json$/.exec(rest) ?? [];
    if (described !== undefined) {
      const found = versions.get(described);
      return found === undefined ? notFound() : Response.json(await describe(found));
    }
    const [, version = "", path = ""] = /^([^/]+)(\/.+)$/.exec(rest) ?? [];
    const bytes = versions.get(version)?.files.get(path);
    if (bytes === undefined) return notFound();
    const type = TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    return new Response(bytes, { headers: { "content-type": type } });
  }
}

function emptyEntry(version: string): [string, Record<string, never>] {
  return [version, {}];
}

function notFound(): Response {
  return Response.json({ code: "notFound", message: "not found" }, { status: 404 });
}

/** What a version has, with the hashes that Deno checks. */
async function describe({ exports, files }: RegistryPackage): Promise<unknown> {
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const [path, bytes] of files) {
    manifest[path] = { size: bytes.length, checksum: `sha256-${await sha256(bytes)}` };
  }
  return { exports, manifest };
}

/** The files of an archive, by their paths. */
async function unpack(archive: Uint8Array): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  await using directory = await TempDirectory.create();
  const tar = new Deno.Command("tar", {
    args: ["-xz", "-C", directory.path],
    stdin: "piped",
  }).spawn();
  const writer = tar.stdin.getWriter();
  await writer.write(archive);
  await writer.close();
  assertEquals((await tar.status).code, 0);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const path of filesIn(directory.path)) {
    files.set(path.slice(directory.path.length), await Deno.readFile(path));
  }
  return files;
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* filesIn(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}
