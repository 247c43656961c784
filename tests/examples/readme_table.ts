/**
 * The commands in the tables of examples/README.md.
 *
 * @module
 */

import { RunningCli } from "../cli/run_cli.ts";
import { inCheckout } from "../support/checkout.ts";

/** A row of a table. */
export interface ReadmeRow {
  /** The example. */
  readonly file: string;
  /** How it is run, from the root of the checkout. */
  readonly command: string;
}

/** All rows, in order. */
export async function readmeRows(): Promise<ReadmeRow[]> {
  const text = await Deno.readTextFile(inCheckout("examples/README.md"));
  return [...text.matchAll(/^\| \[(\w+\.ts)\]\(\1\) \|.*\| `(\.\/denow [^`]+)` \|$/gm)]
    .map(([, file = "", command = ""]) => ({ file, command }));
}

/**
 * Starts a command as its reader does, with words put in place of others. Only types are not checked:
 * that is done for all files at once.
 */
export function startRow(command: string, words: Readonly<Record<string, string>>): RunningCli {
  const [program = "", ...rest] = command.split(" ").map((word) => words[word] ?? word);
  const args = rest[0] === "test" ? ["test", "--no-check", ...rest.slice(1)] : rest;
  return new RunningCli(
    new Deno.Command(program, {
      args,
      cwd: inCheckout(""),
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
}
