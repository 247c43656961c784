/**
 * What a command of the command line is: its entry in the registry, and its declaration, from which
 * the help text, the parsing and the permission check are made, with the function that runs it.
 *
 * @module
 */

import type { CommonValues } from "./common_flags.ts";
import type { EnvironmentVariable } from "./environment.ts";
import type { ExitCode } from "./exit.ts";
import type { OptionFlags } from "./flag_errors.ts";
import type { FlagTable, FlagValues } from "./flags.ts";
import type { Output } from "./output.ts";

/** A named permission set of deno.json, for `deno run -P=NAME`. */
export type PermissionSet =
  | "stub"
  | "replay"
  | "live"
  | "record"
  | "trade"
  | "paper"
  | "dashboard"
  | "connector"
  | "native"
  | "dev";

/** One way to call a command, for its help text. */
export interface Example {
  /** What follows the command's name. */
  readonly args: string;
  /** What it does: a sentence fragment without a full stop. */
  readonly description: string;
  /** The permission set it runs with; none when it needs no permission. */
  readonly permissions?: PermissionSet;
}

/** One argument of a command. */
export interface Argument {
  /** What the synopsis calls it. Shells complete what is a FILE, PROGRAM or DIRECTORY. */
  readonly name: string;
  /** The words that shells offer for it; others may be allowed. */
  readonly words?: readonly string[];
}

/** Permissions without which a command cannot run, in some of its forms or in all. */
export interface Needs<T extends FlagTable> {
  /** When they are needed, for the help text, such as "--live"; "always" for every form. */
  readonly when: string;
  /** The permissions; without arguments for the help text. */
  permissions(
    flags: FlagValues<T>,
    args: readonly string[],
  ): readonly Deno.PermissionDescriptor[];
  /** What each kind of permission is for; also those that only some flags bring about. */
  readonly why: Readonly<Partial<Record<Deno.PermissionDescriptor["name"], string>>>;
  /** The set of deno.json that holds them. */
  readonly set: PermissionSet;
  /** Whether a call with these flags needs them; every call when left out. */
  applies?(flags: FlagValues<T>): boolean;
}

/** Flags that help shows together. */
export interface FlagGroup {
  /** Its heading, such as "MARKET FLAGS". */
  readonly title: string;
  /** Names of its flags, in order. */
  readonly flags: readonly string[];
}

/** What a running command gets. */
export interface CommandContext<T extends FlagTable> {
  /** The values of its flags, and of those that every command has. */
  readonly flags: FlagValues<T> & CommonValues;
  /** Where results go. */
  readonly stdout: Output;
  /** Where notices and progress go. */
  readonly stderr: Output;
  /** Aborted by Ctrl+C or SIGTERM: end, with a summary. */
  readonly signal: AbortSignal;
}

/** A command as its file declares it; `T` is its table of flags. */
export interface CommandDeclaration<T extends FlagTable> {
  /** What follows its name in the synopsis, one line for each form. */
  readonly usage: readonly string[];
  /** More about it: paragraphs of the help text. */
  readonly details?: readonly string[];
  /** Its flags. */
  readonly flags: T;
  /** The same in groups, where there are too many for one list. */
  readonly groups?: readonly FlagGroup[];
  /** The arguments that it takes at most; none when left out. */
  readonly args?: readonly Argument[];
  /** The flags, or arguments, that options of what it runs come from, for errors about these. */
  readonly options?: OptionFlags;
  /** What its exit codes mean, where there is more to say than for every command. */
  readonly exitCodes?: Readonly<Partial<Record<ExitCode, string>>>;
  /** Files that it reads or makes beside those that its flags and arguments name, and what for. */
  readonly files?: readonly (readonly [string, string])[];
  /** Environment variables that it looks at. */
  readonly environment?: readonly EnvironmentVariable[];
  /** Calls worth showing. */
  readonly examples: readonly Example[];
  /** Throws if its flags and arguments do not go together; called before permissions are looked at. */
  validate?(flags: FlagValues<T>, args: readonly string[]): void;
  /** What it needs; left out for nothing. */
  readonly needs?: readonly Needs<NoInfer<T>>[];
  /** Does it. */
  run(context: CommandContext<T>, args: readonly string[]): Promise<ExitCode>;
}

/** A command's declaration, whatever its table of flags. */
export type AnyDeclaration = CommandDeclaration<FlagTable>;

/** A command as the registry lists it. */
export interface CommandEntry {
  /** The words that call it, such as "native build". */
  readonly name: string;
  /** What it does, in one line without a full stop. */
  readonly summary: string;
  /** Loads its declaration, and with it all that it needs to run. */
  load(): Promise<AnyDeclaration>;
}

/** A command that is loaded. */
export interface Command extends AnyDeclaration, Omit<CommandEntry, "load"> {}

/** Loads a command. */
export async function loadCommand({ name, summary, load }: CommandEntry): Promise<Command> {
  return { name, summary, ...await load() };
}

/** Checks the types of a declaration against each other. */
export function defineCommand<const T extends FlagTable>(
  declaration: CommandDeclaration<T>,
): AnyDeclaration {
  return declaration;
}
