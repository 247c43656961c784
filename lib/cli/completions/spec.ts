/**
 * What shells have to know of the commands to complete their lines.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { COMMON_FLAGS } from "../common_flags.ts";
import type { Flag, FlagTable } from "../flags.ts";
import { valueName } from "../parse.ts";

/** What a value may be. */
export interface ValueSpec {
  /** What help calls it. */
  readonly name: string;
  /** Files, directories, some words, or nothing that a shell could know. */
  readonly kind: "file" | "directory" | "words" | "other";
  /** The words of kind "words"; else empty. */
  readonly words: readonly string[];
  /** Whether something with "=" may stand before it, as in `SYMBOL=FILE`. */
  readonly keyed: boolean;
}

/** A flag. */
export interface FlagSpec {
  /** Its long name, without dashes. */
  readonly name: string;
  /** Its one letter. */
  readonly alias: string | undefined;
  /** What it does. */
  readonly description: string;
  /** Its value; undefined for a switch. */
  readonly value: ValueSpec | undefined;
  /** Whether it may be given several times. */
  readonly repeatable: boolean;
}

/** A command. */
export interface CommandSpec {
  /** The words that call it. */
  readonly path: readonly [string, ...string[]];
  /** What it does. */
  readonly summary: string;
  /** Its flags, those of every command included. */
  readonly flags: readonly FlagSpec[];
  /** Its arguments, in order. */
  readonly args: readonly ValueSpec[];
}

/** A word that a line can begin with, and what it stands for. */
export interface WordSpec {
  /** The word. */
  readonly word: string;
  /** What it does. */
  readonly summary: string;
}

/** What a shell has to know of all commands. */
export interface CompletionSpec {
  /** The program, as it is called. */
  readonly program: string;
  /** The commands; the first is the one of a line that begins with a flag. */
  readonly commands: readonly CommandSpec[];
  /** The first words of lines. */
  readonly words: readonly WordSpec[];
  /** The second words of lines, by their first, where commands have two. */
  readonly groups: ReadonlyMap<string, readonly WordSpec[]>;
}

/**
 * Reads what shells have to know from what the commands declare.
 *
 * @param program The program, as it is called.
 * @param commands The commands.
 */
export function completionSpec(program: string, commands: readonly Command[]): CompletionSpec {
  const specs = commands.map(commandSpec);
  const groups = new Map<string, WordSpec[]>();
  for (const { path: [first, second], summary } of specs) {
    if (second === undefined) continue;
    groups.set(first, [...groups.get(first) ?? [], { word: second, summary }]);
  }
  const words = new Map<string, string>();
  for (const { path: [first, second], summary } of specs) {
    const members = groups.get(first)?.map(({ word }) => word).join(", ");
    words.set(first, second === undefined ? summary : `Commands: ${members}`);
  }
  return {
    program,
    commands: specs,
    words: [...words].map(([word, summary]) => ({ word, summary })),
    groups,
  };
}

/** Words that can be a shell's name of a function. */
export function identifier(...words: readonly string[]): string {
  return ["", ...words].join("_").replace(/\W/g, "_");
}

/** A text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function commandSpec({ name, summary, flags, args = [] }: Command): CommandSpec {
  const [first = "", ...rest] = name.split(" ");
  return {
    path: [first, ...rest],
    summary,
    flags: flagSpecs({ ...flags, ...COMMON_FLAGS }),
    args: args.map(({ name, words }) => valueSpec(name, words)),
  };
}

function flagSpecs(table: FlagTable): FlagSpec[] {
  return Object.entries<Flag>(table).map(([name, flag]) => ({
    name,
    alias: flag.alias,
    description: flag.description,
    value: flag.kind === "switch"
      ? undefined
      : valueSpec(valueName(flag), flag.kind === "number" ? undefined : flag.words),
    repeatable: flag.kind === "text" && flag.repeatable === true,
  }));
}

function valueSpec(name: string, words: readonly string[] = []): ValueSpec {
  const kind = words.length > 0
    ? "words"
    : /\b(FILE|PROGRAM|CONFIG)\b/.test(name)
    ? "file"
    : /\bDIRECTORY\b/.test(name)
    ? "directory"
    : "other";
  return { name, kind, words, keyed: kind === "file" && name.includes("=") };
}
