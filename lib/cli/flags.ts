/**
 * What a command declares about its flags, and the values they become.
 *
 * @module
 */

import { checkNumber, checkOneOf, type NumberBounds } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";
import { suggest } from "../suggest.ts";

/** What every flag declares, whatever its kind. */
interface FlagBase {
  /** What it does: one sentence fragment without a full stop, for the help text. */
  readonly description: string;
  /** One letter that stands for it. */
  readonly alias?: string;
}

/** A flag without a value. */
export interface SwitchFlag extends FlagBase {
  /** Tells it apart. */
  readonly kind: "switch";
}

/** A flag with a text. */
export interface TextFlag extends FlagBase {
  /** Tells it apart. */
  readonly kind: "text";
  /** Name of its value in the help text. Shells complete what is a FILE, PROGRAM or DIRECTORY. */
  readonly placeholder: string;
  /** The words that shells offer for it; others may be allowed. */
  readonly words?: readonly string[];
  /** Whether it may be given several times. */
  readonly repeatable?: boolean;
  /** Value when it is not given. */
  readonly default?: string;
}

/** A flag with a number. */
export interface NumberFlag extends FlagBase, NumberBounds {
  /** Tells it apart. */
  readonly kind: "number";
  /** Name of its value in the help text. */
  readonly placeholder: string;
  /** Whether it must be above 0. */
  readonly positive?: boolean;
  /** Value when it is not given. */
  readonly default?: number;
}

/** A flag with one of some words. */
export interface ChoiceFlag extends FlagBase {
  /** Tells it apart. */
  readonly kind: "choice";
  /** The words. */
  readonly words: readonly string[];
  /** Name of its value in the help text, where the words themselves would be too long. */
  readonly placeholder?: string;
  /** Value when it is not given. */
  readonly default?: string;
}

/** A flag as a command declares it. */
export type Flag = SwitchFlag | TextFlag | NumberFlag | ChoiceFlag;

/** A command's flags by name, without the leading dashes. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** The value of one flag; undefined when it was not given and has no default. */
export type FlagValue<F extends Flag> = F extends SwitchFlag ? boolean
  : F extends { readonly kind: "text"; readonly repeatable: true } ? readonly string[]
  : F extends { readonly default: unknown } ? Present<F>
  : Present<F> | undefined;

type Present<F extends Flag> = F extends ChoiceFlag ? F["words"][number]
  : F extends NumberFlag ? number
  : string;

/** The values of a table of flags. */
export type FlagValues<T extends FlagTable> = { readonly [K in keyof T]: FlagValue<T[K]> };

/**
 * The value of a flag from the words given for it.
 *
 * @param name Name of the flag, without dashes.
 * @param flag Its declaration.
 * @param given What was given: `true` for a switch, else each text in order; empty for nothing.
 * @returns The value, of the type that {@linkcode FlagValue} says.
 * @throws {InvalidInputError} If a text is no value of this flag.
 */
export function flagValue(name: string, flag: Flag, given: readonly unknown[]): unknown {
  if (flag.kind === "switch") return given.at(-1) === true;
  if (flag.kind === "text" && flag.repeatable) return given.map(String);
  if (given.length === 0) return flag.default;
  const text = String(given[0]);
  switch (flag.kind) {
    case "text":
      return text;
    case "number":
      return numberValue(name, flag, text);
    case "choice":
      return choiceValue(`--${name}`, text, flag.words);
  }
}

function choiceValue(name: string, text: string, words: readonly string[]): string {
  const near = words.includes(text) ? undefined : suggest(text, words);
  if (near === undefined) return checkOneOf(name, text, words);
  const expected = `one of ${words.join(", ")}; did you mean ${near}?`;
  throw new InvalidInputError(name, text, expected);
}

function numberValue(name: string, flag: NumberFlag, text: string): number {
  const value = numberOf(text);
  const { positive, ...bounds } = flag;
  if (positive && !(value !== undefined && value > 0)) {
    const limit = flag.max === undefined ? "" : ` and at most ${flag.max}`;
    throw new InvalidInputError(`--${name}`, value ?? text, `a number above 0${limit}`);
  }
  return checkNumber(`--${name}`, value ?? text, bounds);
}

/** The number that a decimal text writes; unlike `Number`, none for "", "0x10" or "Infinity". */
export function numberOf(text: string): number | undefined {
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
