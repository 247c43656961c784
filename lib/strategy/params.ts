/**
 * Parameters of a strategy: its defaults, and what a run sets instead.
 *
 * @module
 */

import { InvalidInputError } from "../model/errors.ts";
import { suggest } from "../suggest.ts";

/** What a parameter can be. */
export type ParamValue = number | string | boolean;

/** What the parameters of a strategy are made of: by name, a number, text or switch each. */
export type ParamsOf<P> = { readonly [K in keyof P]: ParamValue };

/** Parameters of any strategy. */
export type AnyParams = Readonly<Record<string, ParamValue>>;

/**
 * The parameters of a run.
 *
 * @param defaults The strategy's own values, which tell the names and kinds there are.
 * @param given Values to use instead, by name.
 * @returns All parameters.
 * @throws {InvalidInputError} For a name that the strategy does not have, or a value of another kind.
 */
export function resolveParams<P extends ParamsOf<P>>(
  defaults: P | undefined,
  given: Partial<P>,
): P {
  const known: AnyParams = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    const standard = ownValue(known, name);
    if (standard === undefined) throw unknownParam(name, known);
    if (typeof value !== typeof standard || Number.isNaN(value)) {
      throw new InvalidInputError(`params.${name}`, value, expectation(standard));
    }
  }
  // Without defaults there are no parameters, whatever P says.
  return Object.freeze({ ...defaults as P, ...given });
}

/**
 * Reads parameters from a command line.
 *
 * @param settings Texts of the form NAME=VALUE; the last one for a name counts.
 * @param defaults The strategy's own values, which tell the names and kinds there are.
 * @returns The values given, by name.
 * @throws {InvalidInputError} For a text of another form, an unknown name, or a value of another kind.
 */
export function parseSettings(settings: readonly string[], defaults: AnyParams): AnyParams {
  return Object.fromEntries(settings.map((setting) => {
    const [, name, text] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
    if (name === undefined || text === undefined) {
      throw new InvalidInputError("--set", setting, "NAME=VALUE");
    }
    const standard = ownValue(defaults, name);
    if (standard === undefined) throw unknownParam(name, defaults);
    const value = valueOf(text, standard);
    if (value === undefined) {
      throw new InvalidInputError(`--set ${name}`, text, expectation(standard));
    }
    return [name, value];
  }));
}

/** Checks that defaults are what parameters can be; returns the name of the first that is not. */
export function wrongParam(defaults: object): string | undefined {
  return Object.entries(defaults).find(([, value]) =>
    !["number", "string", "boolean"].includes(typeof value)
  )?.[0];
}

function ownValue(defaults: AnyParams, name: string): ParamValue | undefined {
  return Object.hasOwn(defaults, name) ? defaults[name] : undefined;
}

function valueOf(text: string, standard: ParamValue): ParamValue | undefined {
  switch (typeof standard) {
    case "number": {
      const number = Number(text);
      return text.trim() === "" || Number.isNaN(number) ? undefined : number;
    }
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    default:
      return text;
  }
}

function expectation(standard: ParamValue): string {
  const kind = { number: "a number", boolean: "true or false", string: "a text" };
  return `${kind[typeof standard as keyof typeof kind]}, such as ${JSON.stringify(standard)}`;
}

function unknownParam(name: string, defaults: AnyParams): InvalidInputError {
  const names = Object.keys(defaults);
  const guess = suggest(name, names);
  const known = names.length === 0 ? "none, since it has no parameters" : names.join(", ");
  return new InvalidInputError(
    "parameter",
    name,
    `one of the strategy's: ${known}` + (guess ? ` (did you mean ${guess}?)` : ""),
  );
}
