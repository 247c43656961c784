/**
 * Checks of what users give for a deployment file.
 *
 * @module
 */

import { isAbsolute } from "@std/path";
import { InvalidInputError } from "../../model/errors.ts";

/** Names of variables whose values should not stand in a file that many can read. */
const SECRET_NAME = /(^|_)(API_?KEY|KEY|SECRET|TOKEN|PASS|PASSWORD|PASSPHRASE)(_|$)/i;

/**
 * Checks a text that has to stay on its line.
 *
 * @param field Name of the option.
 * @param value The text.
 * @returns The text.
 * @throws {InvalidInputError} If it is empty or has line ends or other control characters.
 */
export function checkText(field: string, value: string): string {
  if (value === "" || /\p{Cc}/u.test(value)) {
    throw new InvalidInputError(field, value, "a text without line ends and control characters");
  }
  return value;
}

/**
 * Checks a path.
 *
 * @param field Name of the option.
 * @param value The path.
 * @returns The path.
 * @throws {InvalidInputError} If it is relative or cannot stand on a line.
 */
export function checkAbsolutePath(field: string, value: string): string {
  if (!isAbsolute(checkText(field, value))) {
    throw new InvalidInputError(field, value, "an absolute path");
  }
  return value;
}

/**
 * Checks a text against a pattern.
 *
 * @param field Name of the option.
 * @param value The text.
 * @param rule `pattern` it has to match, and `expected`, what that means in words.
 * @returns The text.
 * @throws {InvalidInputError} If it does not match.
 */
export function checkPattern(
  field: string,
  value: string,
  rule: { pattern: RegExp; expected: string },
): string {
  if (!rule.pattern.test(value)) throw new InvalidInputError(field, value, rule.expected);
  return value;
}

/** What a user or group may be called. */
export const USER_NAME: { pattern: RegExp; expected: string } = {
  pattern: /^[a-z_][a-z0-9_-]{0,30}$/,
  expected: "the name of a user, in small letters",
};

/**
 * Checks environment variables that a deployment file sets.
 *
 * @param variables Values by name.
 * @returns Names and values.
 * @throws {InvalidInputError} If a name is none, or is a secret's: the file can be read by others.
 */
export function checkEnvironment(
  variables: Readonly<Record<string, string>>,
): [name: string, value: string][] {
  return Object.entries(variables).map(([name, value]) => {
    checkPattern("environment", name, {
      pattern: /^[A-Za-z_]\w*$/,
      expected: "names of environment variables",
    });
    if (SECRET_NAME.test(name)) {
      throw new InvalidInputError(
        "environment",
        name,
        "no secrets: all who can read the file would see them, keep them in a file of their own",
      );
    }
    if (value !== "") checkText(`environment.${name}`, value);
    return [name, value];
  });
}
