/**
 * `cli.ts native install`: takes the native library from the release of this version.
 *
 * @module
 */

import { installNativeLibrary, releaseSource } from "../../native/install.ts";
import { NativeInstallError } from "../../native/install_error.ts";
import { findNativeLibrary } from "../../native/library.ts";
import { type AnyDeclaration, type CommandContext, defineCommand } from "../command.ts";
import { NATIVE_CACHE } from "../environment.ts";
import { ExitCode } from "../exit.ts";
import { buildShown } from "../native_build_progress.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { writeJson } from "../output.ts";
import { warn } from "../warnings.ts";
import { Progress } from "../progress.ts";

/** Hosts that GitHub sends those to who ask for a file of a release. */
const GITHUB_STORES = ["release-assets.githubusercontent.com", "objects.githubusercontent.com"];

const MODULE_URL = new URL(import.meta.url);

const FLAGS = {
  from: {
    kind: "text",
    placeholder: "DIRECTORY|URL",
    description: "Take it from this mirror of the release, instead of where it was published",
  },
  "no-build": {
    kind: "switch",
    description: "Fail if it is not to be had, instead of building it",
  },
  force: { kind: "switch", description: "Take it again even if it is there" },
  ...JSON_FLAG,
} as const;

/** The native install command. */
export const nativeInstall: AnyDeclaration = defineCommand({
  usage: ["[--from DIRECTORY|URL] [--no-build] [--force] [--json]"],
  details: [
    "Takes the library for this machine and this version, checks its SHA-256 against the list " +
    "that is part of hftlive, and puts it in the user's cache. A file with another hash is " +
    "refused, wherever it comes from.",
    "Where it is not to be had, it is built with cargo, as by native build. A development version " +
    "has no list, and is always built.",
    "Progress goes to stderr. Stdout gets the path of the library.",
  ],
  flags: FLAGS,
  validate: ({ from }) => void releaseSource(from),
  needs: [{
    when: "always",
    permissions: ({ from, "no-build": noBuild }) => [
      { name: "read" },
      { name: "write" },
      { name: "env", variable: "HOME" },
      { name: "env", variable: "XDG_CACHE_HOME" },
      ...hosts(from, noBuild).map((host) => ({ name: "net", host }) as const),
      ...noBuild ? [] : [{ name: "run", command: "cargo" } as const],
    ],
    why: {
      read: "the mirror, and what is installed already",
      write: "the user's cache",
      env: "where the user's cache is",
      net: "the release, or the mirror",
      run: "the compiler, which runs with all rights of its user; not with --no-build",
    },
    set: "native",
  }],
  files: [[NATIVE_CACHE, "The library, in the user's cache"]],
  environment: ["HOME", "XDG_CACHE_HOME"],
  examples: [
    { args: "", description: "Install the native library", permissions: "native" },
    {
      args: "--from /mnt/mirror/hftlive-0.1.0 --no-build",
      description: "Take it from a directory, and fail if it is not there",
      permissions: "native",
    },
  ],
  async run(context) {
    const { flags, stdout, stderr } = context;
    const start = performance.now();
    const installed = await install(context) ?? await build(context);
    const elapsedS = (performance.now() - start) / 1_000;
    if (flags.json) writeJson(stdout, { ...installed, elapsedS });
    else stdout.line(installed.path);
    const loaded = findNativeLibrary();
    if (loaded !== installed.path) {
      const remedy = `(HFTLIVE_LIB=${installed.path} would change that)`;
      warn([`live runs load ${loaded}, which comes first ${remedy}`], {
        ...{ stderr, quiet: flags.quiet },
      });
    }
    return ExitCode.Done;
  },
});

type Context = CommandContext<typeof FLAGS>;

/** What `--json` tells. */
interface Result {
  readonly path: string;
  readonly how: "installed" | "present" | "built";
  readonly source: string | null;
  readonly sha256: string | null;
}

/** Installs the library; undefined when it is to be built instead. */
async function install({ flags, stderr, signal }: Context): Promise<Result | undefined> {
  try {
    using progress = flags.quiet
      ? undefined
      : new Progress(stderr, { what: "Taking the native library" });
    const { source = null, ...library } = await installNativeLibrary({
      from: flags.from,
      force: flags.force,
      signal,
      onProgress: ({ bytes, total }) =>
        progress?.update({
          what: "Downloading the native library, kB",
          done: Math.round(bytes / 1_000),
          total: total === undefined ? undefined : Math.round(total / 1_000),
        }),
    });
    return { ...library, source, how: source === null ? "present" : "installed" };
  } catch (error) {
    const isMissing = error instanceof NativeInstallError && error.reason === "unavailable";
    if (!isMissing || flags["no-build"]) throw error;
    stderr.line(`${error.message}; building it with cargo`);
    return undefined;
  }
}

async function build({ flags, stderr, signal }: Context): Promise<Result> {
  const { force, quiet } = flags;
  const path = await buildShown({ force, quiet, stderr, signal });
  return { path, how: "built", source: null, sha256: null };
}

/** The hosts that are talked to. */
function hosts(from: string | undefined, noBuild: boolean): readonly string[] {
  const source = releaseSource(from);
  const host = source?.kind === "url" ? source.url.host : undefined;
  return [
    ...host === undefined ? [] : [host],
    ...host === "github.com" ? GITHUB_STORES : [],
    // The sources to build from are where this module is.
    ...noBuild || !/^https?:$/.test(MODULE_URL.protocol) ? [] : [MODULE_URL.host],
  ];
}
