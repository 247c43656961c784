/**
 * Where the native library may be: a list made from the surroundings, without
 * any I/O of its own.
 *
 * @module
 */

/** What the list of places depends on. */
export interface LibrarySurroundings {
  /** Operating system, as in `Deno.build.os`. */
  readonly os: string;
  /** Target triple, as in `Deno.build.target`; caches are often shared between machines. */
  readonly target: string;
  /** Version of this package. */
  readonly version: string;
  /** URL of the module in lib/native that asks, as in `import.meta.url`. */
  readonly moduleUrl: string;
  /** Directory of that module, as in `import.meta.dirname`; undefined when it is not a file. */
  readonly moduleDir: string | undefined;
  /** The `libraryPath` option. */
  readonly libraryPath?: string | undefined;
  /** Value of an environment variable; undefined when it is not set or may not be read. */
  env(name: string): string | undefined;
}

/** What makes a path a candidate. */
export type LibraryOrigin = "libraryPath" | "HFTLIVE_LIB" | "module" | "build" | "cache";

/** A path where the library may be. */
export interface LibraryCandidate {
  /** What makes it a candidate. */
  readonly origin: LibraryOrigin;
  /** The file. */
  readonly path: string;
}

/** The environment variable that names the library. */
export const LIBRARY_VARIABLE = "HFTLIVE_LIB";

/**
 * File name of the library.
 *
 * @param os Operating system, as in `Deno.build.os`.
 * @returns The name, or undefined where the engine does not run.
 */
export function libraryFileName(os: string): string | undefined {
  return os === "darwin" ? "libhftlive.dylib" : os === "linux" ? "libhftlive.so" : undefined;
}

/**
 * Directory in the user's cache that belongs to this version of the package.
 *
 * @returns The directory, or undefined when the home directory is not known.
 */
export function cacheDirectory(
  { os, version, env }: Pick<LibrarySurroundings, "os" | "version" | "env">,
): string | undefined {
  const home = env("HOME");
  if (os === "darwin") return home && `${home}/Library/Caches/hftlive/${version}`;
  const xdg = env("XDG_CACHE_HOME");
  // The XDG specification tells to ignore a relative path.
  if (xdg?.startsWith("/")) return `${xdg}/hftlive/${version}`;
  return home && `${home}/.cache/hftlive/${version}`;
}

/** Path of the library that `native build` leaves in a cache directory. */
export function cachedLibraryPath(
  cacheDir: string,
  { os, target }: Pick<LibrarySurroundings, "os" | "target">,
): string {
  return `${cacheDir}/${target}/${libraryFileName(os) ?? ""}`;
}

/**
 * The paths where the library may be, in the order in which they are tried.
 *
 * A path that the user named, by option or variable, is the only one: silently
 * taking another library than the one asked for would be worse than none.
 *
 * @param surroundings What the list depends on.
 * @returns The candidates; none on a system where the engine does not run.
 */
export function libraryCandidates(surroundings: LibrarySurroundings): LibraryCandidate[] {
  const { os, target, moduleUrl, moduleDir, libraryPath, env } = surroundings;
  if (libraryPath !== undefined) return [{ origin: "libraryPath", path: asFile(libraryPath) }];
  const named = env(LIBRARY_VARIABLE);
  if (named) return [{ origin: "HFTLIVE_LIB", path: asFile(named) }];

  const file = libraryFileName(os);
  if (file === undefined) return [];
  const candidates: LibraryCandidate[] = [];
  if (moduleDir !== undefined) {
    candidates.push({ origin: "module", path: `${moduleDir}/${file}` });
    const root = checkoutRoot(moduleUrl, moduleDir);
    if (root !== undefined) {
      candidates.push({ origin: "module", path: `${root}/${file}` });
      const build = `${root}/native/target`;
      candidates.push({ origin: "build", path: `${build}/release/${file}` });
      candidates.push({ origin: "build", path: `${build}/${target}/release/${file}` });
    }
  }
  const cache = cacheDirectory(surroundings);
  if (cache) {
    candidates.push({ origin: "cache", path: cachedLibraryPath(cache, surroundings) });
  }
  return candidates;
}

/** A path that the system's loader takes for a file: a bare name it would look for elsewhere. */
function asFile(path: string): string {
  return /[\\/]/.test(path) ? path : `./${path}`;
}

/**
 * Root of the checkout, or of the files in a compiled program, that a module of
 * lib/native belongs to. A bundle lies elsewhere: what is above it is not ours.
 */
export function checkoutRoot(moduleUrl: string, moduleDir: string): string | undefined {
  return /\/lib\/native\/[^/]+\.ts$/.test(moduleUrl)
    ? moduleDir.replace(/[\\/]lib[\\/]native$/, "")
    : undefined;
}
