/**
 * Building the native library: in the checkout that this module belongs to, or,
 * when it was imported over the network, in the user's cache from fetched sources.
 *
 * @module
 */

import { cargoBuild, type CargoBuildOptions } from "../connector/cargo.ts";
import type { BuildProgress } from "../connector/progress.ts";
import { HftliveError } from "../model/errors.ts";
import {
  cacheDirectory,
  cachedLibraryPath,
  checkoutRoot,
  libraryFileName,
  type LibrarySurroundings,
} from "../native/library_path.ts";
import {
  fetchNativeSources,
  type FetchSourcesOptions,
  packageRoot,
  removeIfPresent,
} from "../native/sources.ts";
import { processSurroundings } from "../native/surroundings.ts";

const PACKAGE = "hftlive";

/** How far the making of the library is. */
export interface NativeBuildProgress extends BuildProgress {
  /** What is being done: getting sources, waiting for another cargo, or compiling. */
  readonly phase: "fetch" | "wait" | "compile";
}

/** Options of {@linkcode buildNativeLibrary}. */
export interface NativeBuildOptions {
  /** Ends the work. */
  readonly signal?: AbortSignal;
  /** Is called for each file and each crate. */
  readonly onProgress?: (progress: NativeBuildProgress) => void;
  /**
   * Whether to build a library of the cache again that is there already. In a
   * checkout cargo always looks for itself what has to be built.
   *
   * @default false
   */
  readonly force?: boolean;
  /** Where to get sources from, and what they must be; only looked at with a cache directory. */
  readonly sources?: Pick<FetchSourcesOptions, "baseUrl" | "manifest">;
  /**
   * Cache directory to build in, even if there is a checkout.
   *
   * @default the user's cache, and only if there is no checkout
   */
  readonly cacheDir?: string;
  /**
   * Directory for what cargo makes on the way.
   *
   * @default native/target in a checkout; one that is removed afterwards in the cache
   */
  readonly targetDir?: string;
}

/** There is nothing from which, or nowhere where, the native library can be built. */
export class NativeBuildError extends HftliveError {
  /** Name of the class. */
  override name = "NativeBuildError";
}

/**
 * Builds the native library.
 *
 * @param options Where, and how to tell about it.
 * @returns The path of the library.
 * @throws {NativeBuildError} If this system or this way of running has no library to build.
 * @throws {NativeSourceError} If a fetched source file is missing or not the published one.
 * @throws {CargoNotFoundError} If there is no cargo.
 * @throws {CargoBuildError} If the build fails.
 * @throws {MissingPermissionError} If a permission is missing.
 */
export async function buildNativeLibrary(options: NativeBuildOptions = {}): Promise<string> {
  const surroundings = processSurroundings();
  if (libraryFileName(surroundings.os) === undefined) {
    throw new NativeBuildError(
      `Cannot build the native library: system ${surroundings.os}, expected linux or darwin`,
    );
  }
  if (options.cacheDir === undefined) {
    const manifestPath = await checkoutManifest(surroundings);
    if (manifestPath !== undefined) return await buildInCheckout(manifestPath, options);
    if (!/^https?:$/.test(packageRoot().protocol)) {
      throw new NativeBuildError(
        `Cannot build the native library: no sources beside ${import.meta.url}, ` +
          "run native build from a checkout or from the package on JSR",
      );
    }
  }
  const cacheDir = options.cacheDir ?? cacheDirectory(surroundings);
  if (!cacheDir) {
    throw new NativeBuildError(
      "Cannot build the native library: HOME is not set, or may not be read",
    );
  }
  return await buildInCache(cacheDir, surroundings, options);
}

async function buildInCheckout(manifestPath: string, options: NativeBuildOptions): Promise<string> {
  const { targetDir = manifestPath.replace(/Cargo\.toml$/, "target") } = options;
  return await compile(manifestPath, targetDir, options);
}

async function buildInCache(
  cacheDir: string,
  surroundings: LibrarySurroundings,
  options: NativeBuildOptions,
): Promise<string> {
  const { onProgress, signal, force = false } = options;
  const library = cachedLibraryPath(cacheDir, surroundings);
  if (!force && await isFile(library)) return library;

  const sources = `${cacheDir}/source`;
  await fetchNativeSources(sources, {
    ...options.sources,
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: (progress) => onProgress({ phase: "fetch", waiting: false, ...progress }),
    }),
  });
  const targetDir = options.targetDir ?? `${cacheDir}/target`;
  const aside = `${library}.${crypto.randomUUID()}`;
  try {
    const built = await compile(`${sources}/native/Cargo.toml`, targetDir, options);
    await Deno.mkdir(library.slice(0, library.lastIndexOf("/")), { recursive: true });
    // A running program keeps the file it has loaded: it is replaced, never written to.
    await Deno.copyFile(built, aside);
    await Deno.rename(aside, library);
  } finally {
    await removeIfPresent(aside);
    await removeIfPresent(sources);
  }
  if (options.targetDir === undefined) await removeIfPresent(targetDir);
  return library;
}

async function compile(
  manifestPath: string,
  targetDir: string,
  { signal, onProgress }: NativeBuildOptions,
): Promise<string> {
  const build: CargoBuildOptions = {
    manifestPath,
    packageName: PACKAGE,
    targetDir,
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: (progress) =>
        onProgress({ phase: progress.waiting ? "wait" : "compile", ...progress }),
    }),
  };
  const artifacts = await cargoBuild(build);
  const file = libraryFileName(Deno.build.os) ?? "";
  const library = artifacts
    .filter(({ name }) => name === PACKAGE)
    .flatMap(({ filenames }) => filenames)
    .find((path) => path.endsWith(`/${file}`));
  if (library === undefined) {
    throw new NativeBuildError(`Cannot find what cargo built: no ${file} from ${manifestPath}`);
  }
  return library;
}

/** The workspace of the checkout that this module belongs to, if it has one. */
async function checkoutManifest(surroundings: LibrarySurroundings): Promise<string | undefined> {
  const { moduleUrl, moduleDir } = surroundings;
  const root = moduleDir && checkoutRoot(moduleUrl, moduleDir);
  if (!root) return undefined;
  const manifestPath = `${root}/native/Cargo.toml`;
  return await isFile(manifestPath) ? manifestPath : undefined;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
