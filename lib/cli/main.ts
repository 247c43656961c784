/**
 * Runs a command line: finds the command, reads its flags, checks permissions,
 * runs it, and turns what went wrong into one line and an exit code.
 *
 * @module
 */

import { VERSION } from "../version.ts";
import type { Command, Needs, PermissionSet } from "./command.ts";
import { commands } from "./commands.ts";
import { COMMON_FLAGS } from "./common_flags.ts";
import { ExitCode, UsageError } from "./exit.ts";
import type { FlagTable } from "./flags.ts";
import { helpFor } from "./help.ts";
import { setupLog } from "./logging.ts";
import { type Output, StandardOutputs } from "./output.ts";
import { commandWords, findCommand, parseLine } from "./parse.ts";
import { checkPermissions } from "./permissions.ts";
import { report } from "./report.ts";
import { Interruption } from "./signals.ts";

/** Options of {@linkcode main}. */
export interface MainOptions {
  /** Ends the process at once, for a second Ctrl+C. */
  exit(code: ExitCode): void;
}

/** What a command line runs in. */
interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly signal: AbortSignal;
}

/**
 * Runs a command line.
 *
 * @param argv What follows the program on the command line.
 * @param options How to end the process early.
 * @returns The exit code.
 */
export async function main(argv: readonly string[], options: MainOptions): Promise<ExitCode> {
  const closed = new AbortController();
  const outputs = new StandardOutputs(() => closed.abort());
  const { stdout, stderr } = outputs;
  using interruption = new Interruption(() => options.exit(ExitCode.Interrupted));
  const signal = AbortSignal.any([interruption.signal, closed.signal]);
  let code = await runLine(argv, { stdout, stderr, signal });
  await outputs.flush();
  if (interruption.signal.aborted && code === ExitCode.Done) code = ExitCode.Interrupted;
  if (outputs.failure) {
    code = ExitCode.Failed;
    stderr.line(`hftlive: Cannot write to standard output: ${outputs.failure.message}`);
    await outputs.flush();
  }
  return code;
}

async function runLine(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { stdout, stderr, signal } = surroundings;
  let set: PermissionSet | undefined;
  try {
    if (asksFor(argv, "--help", "-h")) {
      const options = { ...stdout.size(), style: stdout.style };
      stdout.write(helpFor(commandWords(argv), commands, options));
      return ExitCode.Done;
    }
    if (asksFor(argv, "--version", "-V")) {
      stdout.line(`hftlive ${VERSION} (deno ${Deno.version.deno}, ${Deno.build.target})`);
      return ExitCode.Done;
    }
    const { command, rest } = findCommand(argv, commands);
    const { flags, args } = parseLine(rest, { ...COMMON_FLAGS, ...command.flags });
    if (args.length > (command.args?.length ?? 0)) throw extraArgument(command, args);
    command.validate?.(flags, args);
    setupLog(flags);
    for (const needs of command.needs ?? []) {
      if (needs.applies && !needs.applies(flags)) continue;
      set = needs.set;
      checkPermissions(`Cannot run ${formOf(command, needs)}`, needs.permissions(flags, args));
    }
    return await command.run({ ...surroundings, flags }, args);
  } catch (error) {
    if (signal.aborted && error === signal.reason) return ExitCode.Interrupted;
    return report(error, stderr, { debug: asksFor(argv, "--debug"), set });
  }
}

/** Whether a flag that overrides all others is on the line. */
function asksFor(argv: readonly string[], ...spellings: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end < 0 ? argv.length : end).some((arg) => spellings.includes(arg));
}

/** The form of a command that needs permissions, such as "watch --live". */
function formOf(command: Command, needs: Needs<FlagTable>): string {
  return needs.when.startsWith("--") ? `${command.name} ${needs.when}` : command.name;
}

function extraArgument(command: Command, args: readonly string[]): UsageError {
  const most = command.args?.length ?? 0;
  const extra = args[most]!;
  const isCommand = commands.some(({ name }) => name.split(" ")[0] === extra);
  const why = isCommand
    ? "the command comes first, before all flags"
    : most > 0
    ? `${command.name} takes at most ${most}`
    : `${command.name} takes none`;
  return new UsageError(`Unexpected argument: ${extra} (${why})`);
}
