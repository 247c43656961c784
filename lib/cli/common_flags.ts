/**
 * The flags that every command has.
 *
 * @module
 */

import type { FlagValues } from "./flags.ts";

/** The flags that every command has. */
export const COMMON_FLAGS = {
  help: { kind: "switch", alias: "h", description: "Show help and end" },
  version: { kind: "switch", alias: "V", description: "Show the version and end" },
  quiet: {
    kind: "switch",
    alias: "q",
    description: "Show no progress, notices and warnings, only results and errors",
  },
  verbose: {
    kind: "switch",
    alias: "v",
    description: "Log to stderr what goes on, the same as --log-level info",
  },
  "log-level": {
    kind: "choice",
    words: ["debug", "info", "warn", "error"],
    placeholder: "LEVEL",
    description:
      "Least severe message to log: debug, info, warn or error (default: warn; info in --log-file)",
  },
  "log-file": {
    kind: "text",
    placeholder: "FILE",
    description:
      "Append what is logged, and what stderr tells, to this file; needs --allow-write=FILE",
  },
  debug: { kind: "switch", description: "Show the stack of an error" },
} as const;

/** Values of the flags that every command has. */
export type CommonValues = FlagValues<typeof COMMON_FLAGS>;
