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
  quiet: { kind: "switch", alias: "q", description: "Show no progress, only results and errors" },
  "log-level": {
    kind: "choice",
    words: ["debug", "info", "warn", "error"],
    default: "warn",
    description: "Least severe log message that is written to stderr",
  },
  debug: { kind: "switch", description: "Show the stack of an error" },
} as const;

/** Values of the flags that every command has. */
export type CommonValues = FlagValues<typeof COMMON_FLAGS>;
