/**
 * `cli.ts native install` in a process of its own, as a released version would run it.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { toFileUrl } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import offline from "../../offline/import_map.json" with { type: "json" };
import { cachedLibraryPath } from "../../lib/native/library_path.ts";
import { releaseFileName } from "../../lib/native/release.ts";
import { sha256 } from "../../lib/native/sources.ts";
import { releaseModule } from "../../tasks/release_manifest.ts";
import { inCheckout } from "../support/checkout.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import type { CliResult } from "./run_cli.ts";

const FILE = releaseFileName(Deno.build.target);
const LIBRARY = "the library";
const MANIFEST = toFileUrl(inCheckout("lib/native/release_manifest.ts")).href;

/** A place with a cache, a cargo that fails at once, and a list of what was released. */
class Place implements AsyncDisposable {
  readonly directory: TempDirectory;
  readonly library: string;

  private constructor(directory: TempDirectory) {
    this.directory = directory;
    this.library = cachedLibraryPath(`${directory.path}/cache/hftlive/${config.version}`, {
      os: Deno.build.os,
      target: Deno.build.target,
    });
  }

  static async create(): Promise<Place> {
    const directory = await TempDirectory.create();
    await Deno.mkdir(directory.file("bin"));
    await directory.write("bin/cargo", "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    await directory.write(
      "release.ts",
      releaseModule({
        baseUrl: "http://127.0.0.1:1/",
        sha256: { [Deno.build.target]: await sha256(new TextEncoder().encode(LIBRARY)) },
      }).replace('"./release.ts"', `"${new URL("release.ts", MANIFEST).href}"`),
    );
    const imports = import.meta.resolve("@std/cli").startsWith("file:")
      ? absolute(offline.imports, toFileUrl(inCheckout("offline/")))
      : absolute(config.imports, toFileUrl(inCheckout("./")));
    const released = toFileUrl(directory.file("release.ts")).href;
    const map = { imports: { ...imports, [MANIFEST]: released } };
    await directory.write("import_map.json", JSON.stringify(map));
    return new Place(directory);
  }

  async run(...args: string[]): Promise<CliResult> {
    const { directory } = this;
    const output = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--allow-read", "--allow-write", "--allow-env"],
        ...["--allow-net=127.0.0.1", "--allow-run=cargo"],
        `--import-map=${directory.file("import_map.json")}`,
        ...[inCheckout("cli.ts"), "native", "install", ...args],
      ],
      env: {
        NO_COLOR: "1",
        PATH: `${directory.file("bin")}:${Deno.env.get("PATH")}`,
        XDG_CACHE_HOME: directory.file("cache"),
        DENO_DIR: denoDirectory(),
        HFTLIVE_LIB: this.library,
      },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    const { code } = output;
    return { code, stdout: decoder.decode(output.stdout), stderr: decoder.decode(output.stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.directory[Symbol.asyncDispose]();
  }
}

/** Deno's own cache, which would move with XDG_CACHE_HOME. */
function denoDirectory(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
  return Deno.env.get("DENO_DIR") ?? `${cache}/deno`;
}

function absolute(imports: Readonly<Record<string, string>>, base: URL): Record<string, string> {
  return Object.fromEntries(
    Object.entries(imports).map(([name, target]) => [
      name,
      target.startsWith(".") ? new URL(target, base).href : target,
    ]),
  );
}

// macOS keeps its caches elsewhere, which XDG_CACHE_HOME does not tell.
const ignore = Deno.build.os !== "linux";
if (ignore) console.log("native_install_test: needs Linux, whose cache a variable tells");

Deno.test({
  name: "native install takes the library from a mirror, and does not take it twice",
  ignore,
  async fn() {
    await using place = await Place.create();
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      ({ url }) => new Response(url.endsWith(`/mirror/${FILE}`) ? LIBRARY : "another file"),
    );
    const from = `http://127.0.0.1:${server.addr.port}/mirror`;
    const first = await place.run("--from", from, "--quiet");
    assertEquals(first, { code: 0, stdout: `${place.library}\n`, stderr: "" });
    assertEquals(await Deno.readTextFile(place.library), LIBRARY);
    const second = await place.run("--from", from, "--quiet", "--json");
    assertEquals(second.code, 0, second.stderr);
    const { path, how, source } = JSON.parse(second.stdout);
    assertEquals([path, how, source], [place.library, "present", null]);
  },
});

Deno.test({
  name: "native install refuses another file, and builds nothing instead",
  ignore,
  async fn() {
    await using place = await Place.create();
    await place.directory.write(FILE, "another library");
    const { code, stdout, stderr } = await place.run("--from", place.directory.path, "--quiet");
    assertEquals([code, stdout], [1, ""]);
    assert(stderr.startsWith(`hftlive: Cannot install ${place.directory.file(FILE)}: its SHA-256`));
    assert(!stderr.includes("cargo"), stderr);
  },
});

Deno.test({
  name: "native install builds what is not to be had, unless told not to",
  ignore,
  async fn() {
    await using place = await Place.create();
    const missing = `Cannot install ${place.directory.file(FILE)}: no such file`;
    const built = await place.run("--from", place.directory.path, "--quiet");
    assertEquals([built.code, built.stdout], [1, ""]);
    assertStringIncludes(built.stderr, `${missing}; building it with cargo\n`);
    const [, cargo = ""] = built.stderr.split("\nhftlive: ");
    assert(cargo !== "", built.stderr);
    const refused = await place.run("--from", place.directory.path, "--quiet", "--no-build");
    assertEquals(refused, { code: 1, stdout: "", stderr: `hftlive: ${missing}\n` });
  },
});

Deno.test({
  name: "native install without a server to reach says which, and builds",
  ignore,
  async fn() {
    await using place = await Place.create();
    const { code, stderr } = await place.run("--quiet");
    assertEquals(code, 1);
    assertStringIncludes(stderr, `Cannot download http://127.0.0.1:1/${FILE}: `);
    assertStringIncludes(stderr, "; building it with cargo\n");
  },
});
