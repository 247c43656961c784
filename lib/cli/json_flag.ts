/**
 * The flag of commands whose result a program can read.
 *
 * @module
 */

/** Prints the result as JSON. */
export const JSON_FLAG = {
  json: { kind: "switch", description: "Print one JSON object on stdout, and nothing else" },
} as const;

/** The same for commands that go on and on. */
export const JSON_LINES_FLAG = {
  json: { kind: "switch", description: "Print one JSON object a line on stdout, and nothing else" },
} as const;
