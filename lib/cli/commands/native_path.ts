/**
 * `cli.ts native path`: tells where the native library is.
 *
 * @module
 */

import { findNativeLibrary } from "../../native/library.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { LIBRARY_VARIABLES } from "../environment.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { ExitCode } from "../exit.ts";
import { writeJson } from "../output.ts";

/** The native path command. */
export const nativePath: AnyDeclaration = defineCommand({
  usage: ["[--json]"],
  details: [
    "Prints the file that a live run would load: the one that HFTLIVE_LIB names, else the one " +
    "beside the module, in the build folder, or in the user's cache.",
  ],
  flags: JSON_FLAG,
  needs: [{
    when: "always",
    permissions: () => [{ name: "read" }],
    why: { read: "whether the library is there" },
    set: "native",
  }],
  environment: LIBRARY_VARIABLES,
  examples: [{ args: "", description: "Where the library is", permissions: "native" }],
  run({ flags, stdout }) {
    const path = findNativeLibrary();
    if (flags.json) writeJson(stdout, { path });
    else stdout.line(path);
    return Promise.resolve(ExitCode.Done);
  },
});
