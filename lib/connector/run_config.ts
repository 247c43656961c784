/**
 * The configuration that a connector is started with.
 *
 * @module
 */

import { type ResolvedConfig, resolveSecrets, validateConfigFile } from "./config/mod.ts";
import { ConnectorConfigError } from "./errors.ts";
import type { RunnerSettings } from "./runner_options.ts";

/**
 * Checks the configuration and fetches its secrets.
 *
 * @param settings Which configuration, and whether it is checked.
 * @param warn Is told what should be looked at.
 * @returns The file to give to the connector, to be disposed of.
 * @throws {ConnectorConfigError} If it cannot be used.
 * @throws {MissingPermissionError} If something may not be read or written.
 */
export async function openRunConfig(
  settings: RunnerSettings,
  warn: (message: string) => void,
): Promise<ResolvedConfig> {
  const { connectorType, configPath, validateConfig, runtimeDirectory } = settings;
  if (!validateConfig) return await openUnchecked(configPath);
  const validated = await validateConfigFile(connectorType, configPath);
  for (const warning of validated.warnings) warn(warning);
  return await resolveSecrets(
    validated,
    runtimeDirectory === undefined ? {} : { directory: runtimeDirectory },
  );
}

/** A configuration for a program with a format of its own: it only has to be there. */
async function openUnchecked(path: string): Promise<ResolvedConfig> {
  try {
    await Deno.stat(path);
  } catch (cause) {
    const message = cause instanceof Deno.errors.NotFound
      ? "no such file"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new ConnectorConfigError(path, [{ file: path, message }], { cause });
  }
  return {
    path,
    isTemporary: false,
    secrets: [],
    [Symbol.dispose]: () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
