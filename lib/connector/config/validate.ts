/**
 * Reading a configuration file.
 *
 * @module
 */

import { isAbsolute, resolve } from "@std/path";
import { ConnectorConfigError } from "../errors.ts";
import { requirePath } from "../../permissions.ts";
import { parseConfig } from "./parse.ts";
import { checkConnectorType, type ConnectorType, type ValidatedConfig } from "./types.ts";

const MAX_FILE_BYTES = 256 * 1024;

/** Permission bits of the group and of all others. */
const OTHERS = 0o077;

/**
 * Reads and checks the configuration file of a connector.
 *
 * @param type The exchange.
 * @param path The file.
 * @returns What it says, whether it is for the main or the test net, and warnings.
 * @throws {ConnectorConfigError} If it cannot be read or used; lists all that is wrong.
 * @throws {InvalidInputError} If the connector does not know the exchange.
 * @throws {MissingPermissionError} If the file may not be read.
 *
 * @example Check a file
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { validateConfigFile, writeConfigTemplate } from "@hftlive/hftlive";
 *
 * const directory = await Deno.makeTempDir();
 * await writeConfigTemplate("binancefutures", `${directory}/bf.toml`);
 * const { network, warnings } = await validateConfigFile("binancefutures", `${directory}/bf.toml`);
 * assertEquals(network, "test");
 * assertEquals(warnings, []);
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export async function validateConfigFile(
  type: ConnectorType,
  path: string,
): Promise<ValidatedConfig> {
  checkConnectorType(type);
  requirePath(`Cannot read the configuration ${path}`, "read", path);
  const { text, mode } = await readConfigText(path);
  const file = isAbsolute(path) ? path : resolve(path);
  const validated = parseConfig(type, text, { path: file });
  if (mode === null || (mode & OTHERS) === 0) return validated;
  const octal = (mode & 0o777).toString(8).padStart(4, "0");
  const warning =
    `${file}: other users may read or change it (mode ${octal}), run: chmod 600 ${file}`;
  return { ...validated, warnings: [warning, ...validated.warnings] };
}

/**
 * Reads the text of a configuration file.
 *
 * @param path The file.
 * @param hint What to do when it is not there.
 * @returns The text, and the file's permission bits where the system has any.
 * @throws {ConnectorConfigError} If it cannot be read.
 */
export async function readConfigText(
  path: string,
  hint: string = "write one with: connector init",
): Promise<{ text: string; mode: number | null }> {
  try {
    const { isFile, size, mode } = await Deno.stat(path);
    if (!isFile) throw unreadable(path, "is not a file");
    if (size > MAX_FILE_BYTES) throw unreadable(path, `is larger than ${MAX_FILE_BYTES} bytes`);
    const bytes = await Deno.readFile(path);
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), mode };
  } catch (error) {
    if (error instanceof ConnectorConfigError) throw error;
    if (error instanceof TypeError) throw unreadable(path, "is not UTF-8 text");
    if (error instanceof Deno.errors.NotFound) {
      throw unreadable(path, `no such file, ${hint}`, error);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw unreadable(path, reason, error);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): ConnectorConfigError {
  return new ConnectorConfigError(
    path,
    [{ file: path, message: reason }],
    cause === undefined ? undefined : { cause },
  );
}
