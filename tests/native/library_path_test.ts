import { assertEquals } from "@std/assert";
import {
  cacheDirectory,
  libraryCandidates,
  type LibrarySurroundings,
} from "../../lib/native/library_path.ts";

const CHECKOUT = {
  os: "linux",
  target: "x86_64-unknown-linux-gnu",
  version: "1.2.3",
  moduleUrl: "file:///src/hftlive/lib/native/surroundings.ts",
  moduleDir: "/src/hftlive/lib/native",
};

function surroundings(
  overrides: Partial<LibrarySurroundings> = {},
  variables: Record<string, string> = {},
): LibrarySurroundings {
  return { ...CHECKOUT, env: (name) => variables[name], ...overrides };
}

function paths(of: LibrarySurroundings): string[] {
  return libraryCandidates(of).map(({ origin, path }) => `${origin} ${path}`);
}

Deno.test("library path: a checkout looks beside the module, in its build folder, in the cache", () => {
  assertEquals(paths(surroundings({}, { HOME: "/home/ann" })), [
    "module /src/hftlive/lib/native/libhftlive.so",
    "module /src/hftlive/libhftlive.so",
    "build /src/hftlive/native/target/release/libhftlive.so",
    "build /src/hftlive/native/target/x86_64-unknown-linux-gnu/release/libhftlive.so",
    "cache /home/ann/.cache/hftlive/1.2.3/x86_64-unknown-linux-gnu/libhftlive.so",
  ]);
});

Deno.test("library path: a named path is the only one, the option before the variable", () => {
  const variables = { HOME: "/home/ann", HFTLIVE_LIB: "/opt/from-env.so" };
  assertEquals(paths(surroundings({}, variables)), ["HFTLIVE_LIB /opt/from-env.so"]);
  assertEquals(paths(surroundings({ libraryPath: "my.so" }, variables)), ["libraryPath ./my.so"]);
});

Deno.test("library path: an empty variable names nothing", () => {
  assertEquals(paths(surroundings({}, { HFTLIVE_LIB: "" })).length, 4);
});

Deno.test("library path: a package imported over the network has only the cache", () => {
  const remote = {
    moduleUrl: "https://jsr.io/@hftlive/hftlive/1.2.3/lib/native/surroundings.ts",
    moduleDir: undefined,
  };
  assertEquals(paths(surroundings(remote, { XDG_CACHE_HOME: "/cache" })), [
    "cache /cache/hftlive/1.2.3/x86_64-unknown-linux-gnu/libhftlive.so",
  ]);
});

Deno.test("library path: a bundle looks beside itself, not in folders above it", () => {
  const bundle = { moduleUrl: "file:///tmp/a/b/cli.js", moduleDir: "/tmp/a/b" };
  assertEquals(paths(surroundings(bundle)), ["module /tmp/a/b/libhftlive.so"]);
});

Deno.test("library path: macOS has its own file name and cache", () => {
  const mac = { os: "darwin", target: "aarch64-apple-darwin" };
  const variables = { HOME: "/Users/ann", XDG_CACHE_HOME: "/cache" };
  assertEquals(
    paths(surroundings(mac, variables)).at(-1),
    "cache /Users/ann/Library/Caches/hftlive/1.2.3/aarch64-apple-darwin/libhftlive.dylib",
  );
});

Deno.test("library path: a system without the engine has no candidates", () => {
  assertEquals(paths(surroundings({ os: "windows" })), []);
});

Deno.test("library path: the cache needs a home, and a relative XDG_CACHE_HOME is ignored", () => {
  assertEquals(cacheDirectory(surroundings()), undefined);
  assertEquals(cacheDirectory(surroundings({}, { XDG_CACHE_HOME: "cache" })), undefined);
  assertEquals(
    cacheDirectory(surroundings({}, { XDG_CACHE_HOME: "cache", HOME: "/home/ann" })),
    "/home/ann/.cache/hftlive/1.2.3",
  );
});
