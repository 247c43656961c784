/**
 * Runs a command line: finds the command, reads its flags, checks permissions,
 * runs it, and turns what went wrong into one line and an exit code.
 *
 * @module
 */

import { isOldDeno, MIN_DENO } from "../deno_version.ts";
import { getLogger } from "../log.ts";
import { VERSION } from "../version.ts";
import { type Command, loadCommand, type Needs, type PermissionSet } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { COMMON_FLAGS } from "./common_flags.ts";
import { ExitCode, UsageError } from "./exit.ts";
import { inFlags, type OptionFlags } from "./flag_errors.ts";
import type { FlagTable } from "./flags.ts";
import { helpFor } from "./help.ts";
import { logShown, setupLog } from "./logging.ts";
import { type Output, StandardOutputs } from "./output.ts";
import { commandWords, findCommand, parseLine } from "./parse.ts";
import { checkPermissions } from "./permissions.ts";
import { report } from "./report.ts";
import { Interruption } from "./signals.ts";

const log = getLogger("run");

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
  const outputs = new StandardOutputs({ onFailure: () => closed.abort(), onNotice: logShown });
  const { stdout, stderr } = outputs;
  using interruption = new Interruption(() => options.exit(ExitCode.Interrupted));
  const signal = AbortSignal.any([interruption.signal, closed.signal]);
  let code = await runLine(argv, { stdout, stderr, signal });
  await outputs.flush();
  if (interruption.signal.aborted && code === ExitCode.Done) code = ExitCode.Interrupted;
  const { failure } = outputs;
  if (failure instanceof Deno.errors.BrokenPipe) {
    // As with head and less, whoever closed the pipe has what they wanted.
    code = ExitCode.Unread;
  } else if (failure) {
    code = ExitCode.Failed;
    stderr.line(`hftlive: Cannot write to standard output: ${failure.message}`, "error");
  }
  log.info("ended", { code });
  await outputs.flush();
  return code;
}

async function runLine(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { stderr, signal } = surroundings;
  let set: PermissionSet | undefined;
  let options: OptionFlags = {};
  try {
    if (asksFor(argv, "--help", "-h")) return await showHelp(commandWords(argv), surroundings);
    if (asksFor(argv, "--version", "-V")) return showVersion(surroundings);
    const { command: entry, rest } = findCommand(argv, COMMANDS);
    const command = await loadCommand(entry);
    options = command.options ?? {};
    const { flags, args } = parseLine(rest, { ...COMMON_FLAGS, ...command.flags });
    // Also among other letters, as in -qh.
    if (flags.help) return await showHelp(command.name.split(" "), surroundings);
    if (flags.version) return showVersion(surroundings);
    if (args.length > (command.args?.length ?? 0)) throw extraArgument(command, args);
    command.validate?.(flags, args);
    setupLog(flags, (line) => stderr.write(`${line}\n`));
    if (isOldDeno()) log.warn("Deno is too old", { deno: Deno.version.deno, needed: MIN_DENO });
    log.info("begins", { command: command.name, version: VERSION, pid: Deno.pid });
    for (const needs of command.needs ?? []) {
      if (needs.applies && !needs.applies(flags)) continue;
      set = needs.set;
      checkPermissions(`Cannot run ${formOf(command, needs)}`, needs.permissions(flags, args));
    }
    return await command.run({ ...surroundings, flags }, args);
  } catch (error) {
    if (signal.aborted && error === signal.reason) return ExitCode.Interrupted;
    return report(inFlags(error, options), stderr, { debug: asksFor(argv, "--debug"), set });
  }
}

async function showHelp(words: readonly string[], { stdout }: Surroundings): Promise<ExitCode> {
  stdout.write(await helpFor(words, COMMANDS, { ...stdout.size(), style: stdout.style }));
  return ExitCode.Done;
}

function showVersion({ stdout }: Surroundings): ExitCode {
  stdout.line(`hftlive ${VERSION} (deno ${Deno.version.deno}, ${Deno.build.target})`);
  return ExitCode.Done;
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
  const isCommand = COMMANDS.some(({ name }) => name.split(" ")[0] === extra);
  const why = isCommand
    ? "the command comes first, before all flags"
    : most > 0
    ? `${command.name} takes at most ${most}`
    : `${command.name} takes none`;
  return new UsageError(`Unexpected argument: ${extra} (${why})`);
}
