/**
 * Checks configurations in the documentation: as what they are if they are a connector's, else as TOML, JSON, YAML.
 *
 * @module
 */

import { parse as parseToml, type TomlTable } from "smol-toml";
import { parse as parseYaml } from "yaml";
import { configTemplate, parseConfig } from "../../lib/connector/config/mod.ts";
import { URL_KEYS } from "../../lib/connector/config/schema.ts";
import { CONNECTOR_TYPES } from "../../lib/connector/config/types.ts";
import { loadSupervisorSettings } from "../../lib/connector/supervisor/mod.ts";
import { TempDirectory } from "../support/temp_directory.ts";

/**
 * Checks a TOML document.
 *
 * @param text The document: a connector's configuration, a file of connectors, or any other.
 * @throws {Error} If it cannot be used.
 */
export async function checkToml(text: string): Promise<void> {
  const table = parseToml(text);
  if ("connector" in table || "supervisor" in table) return await checkConnectors(text, table);
  const types = CONNECTOR_TYPES.filter((type) => URL_KEYS[type].some((key) => key in table));
  const errors = types.flatMap((type) => {
    try {
      parseConfig(type, text, { path: `${type}.toml` });
      return [];
    } catch (error) {
      return [error];
    }
  });
  // Some keys belong to two exchanges.
  if (types.length > 0 && errors.length === types.length) throw errors[0];
}

/** Checks a JSON document, or one on each line. */
export function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    for (const line of text.split("\n")) JSON.parse(line);
  }
}

/** Checks a YAML document. */
export function checkYaml(text: string): void {
  parseYaml(text, { strict: true });
}

/** Checks a file of connectors beside the configurations that it names. */
async function checkConnectors(text: string, table: TomlTable): Promise<void> {
  await using directory = await TempDirectory.create();
  const connectors = Array.isArray(table["connector"]) ? table["connector"] : [];
  for (const connector of connectors) {
    const { type, config } = Object(connector);
    const known = CONNECTOR_TYPES.find((one) => one === type);
    if (known === undefined || typeof config !== "string" || config.includes("/")) continue;
    await directory.write(config, configTemplate(known), { mode: 0o600 });
  }
  await loadSupervisorSettings(await directory.write("connectors.toml", text, { mode: 0o600 }));
}
