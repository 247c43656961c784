/**
 * `cli.ts native info`: tells what the native library is.
 *
 * @module
 */

import { NativeLibrary } from "../../native/library.ts";
import { libraryCandidates, type LibraryOrigin } from "../../native/library_path.ts";
import { processSurroundings } from "../../native/surroundings.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { LIBRARY_VARIABLES } from "../environment.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { ExitCode } from "../exit.ts";
import { libraryPermission } from "../library_permission.ts";
import { writeJson } from "../output.ts";
import { Page } from "../page.ts";

const ORIGINS: Readonly<Record<LibraryOrigin, string>> = {
  libraryPath: "named by --library",
  HFTLIVE_LIB: "named by HFTLIVE_LIB",
  module: "beside the module",
  build: "in the build folder",
  cache: "in the user's cache",
};

/** The native info command. */
export const nativeInfo: AnyDeclaration = defineCommand({
  usage: ["[--library FILE] [--json]"],
  details: ["Fails when the library is missing, cannot be loaded, or speaks another ABI."],
  flags: {
    library: {
      kind: "text",
      placeholder: "FILE",
      description: "The library to load, instead of the one that would be found",
    },
    ...JSON_FLAG,
  },
  needs: [{
    when: "always",
    permissions: ({ library }) => [libraryPermission(library)],
    why: { ffi: "the native library" },
    set: "live",
  }],
  environment: LIBRARY_VARIABLES,
  examples: [{ args: "", description: "Versions of the library", permissions: "live" }],
  run({ flags, stdout }) {
    using library = NativeLibrary.open({ libraryPath: flags.library });
    const { path } = library;
    const { version, abiVersion, hftbacktest, iceoryx2, recordSize } = library.info();
    const origin = libraryCandidates(processSurroundings(flags.library))
      .find((candidate) => candidate.path === path)?.origin;
    if (flags.json) {
      const info = { path, origin, version, abiVersion, hftbacktest, iceoryx2, recordSize };
      writeJson(stdout, info);
      return Promise.resolve(ExitCode.Done);
    }
    const page = new Page({ ...stdout.size(), style: stdout.style });
    page.table([
      ["path", path],
      ["found", origin === undefined ? "-" : ORIGINS[origin]],
      ["version", version],
      ["ABI", String(abiVersion)],
      ["hftbacktest", hftbacktest],
      ["iceoryx2", iceoryx2],
      ["record size", `${recordSize} bytes`],
    ]);
    stdout.write(page.text());
    return Promise.resolve(ExitCode.Done);
  },
});
