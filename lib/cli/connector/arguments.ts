/**
 * Arguments of the connector commands.
 *
 * @module
 */

import { CONNECTOR_TYPES, type ConnectorType } from "../../connector/config/types.ts";
import { suggest } from "../../suggest.ts";
import { UsageError } from "../exit.ts";

/** File of connectors when none is named. */
export const DEFAULT_FILE = "connectors.toml";

/**
 * Checks that arguments are there.
 *
 * @param command The command's name.
 * @param names What they are called, in order.
 * @param args What was given.
 * @throws {UsageError} Naming those that are missing.
 */
export function requireArguments(
  command: string,
  names: readonly string[],
  args: readonly string[],
): void {
  const missing = names.slice(args.length);
  if (missing.length === 0) return;
  const noun = missing.length === 1 ? "argument" : "arguments";
  throw new UsageError(`Missing ${noun}: ${command} needs ${names.join(" ")}`);
}

/**
 * Reads the name of an exchange.
 *
 * @param text What was given.
 * @param hint What to say about the order of the arguments.
 * @returns The exchange.
 * @throws {UsageError} If the connector does not know it.
 */
export function connectorType(text: string, hint: string = ""): ConnectorType {
  const known = CONNECTOR_TYPES.find((type) => type === text);
  if (known !== undefined) return known;
  const near = suggest(text, CONNECTOR_TYPES);
  const guess = near === undefined ? "" : `, did you mean ${near}?`;
  throw new UsageError(
    `Unknown connector type: ${text} (there are ${CONNECTOR_TYPES.join(", ")})${guess || hint}`,
  );
}
