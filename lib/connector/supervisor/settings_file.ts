/**
 * Reading a `connectors.toml`.
 *
 * @module
 */

import { dirname, isAbsolute, join, resolve } from "@std/path";
import { type ChannelSizes, DEFAULT_CHANNEL_SIZES } from "../../model/channel_sizes.ts";
import { CHANNEL_VARIABLE } from "../channel/channel_config.ts";
import { locateKeys } from "../config/key_lines.ts";
import { parseToml } from "../config/parse.ts";
import type { ConnectorNetwork } from "../config/types.ts";
import { readConfigText, validateConfigFile } from "../config/validate.ts";
import { type ConfigProblem, ConnectorConfigError } from "../errors.ts";
import { requirePath } from "../../permissions.ts";
import type {
  ConnectorSettings,
  ReadySettings,
  SupervisorSettings,
  WatchdogSettings,
  WatchedSymbol,
} from "./settings.ts";
import { SettingsProblems } from "./settings_problems.ts";
import { checkRelations } from "./settings_relations.ts";
import { type RawConnector, type RawSettings, SETTINGS_SCHEMA } from "./settings_schema.ts";

/**
 * Reads and checks a file of connectors, and the configuration files that it names.
 *
 * @param path The file.
 * @returns What it says, with defaults, absolute paths, and warnings.
 * @throws {ConnectorConfigError} If it, or a configuration that it names, cannot be used; lists all
 * that is wrong, with file and line.
 * @throws {MissingPermissionError} If a file may not be read.
 *
 * @example A file with one connector
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadSupervisorSettings, writeConfigTemplate } from "@hftlive/hftlive";
 *
 * const directory = await Deno.makeTempDir();
 * await writeConfigTemplate("binancefutures", `${directory}/bf.toml`);
 * await Deno.writeTextFile(
 *   `${directory}/connectors.toml`,
 *   '[[connector]]\nname = "bf"\ntype = "binancefutures"\nconfig = "bf.toml"\n',
 * );
 * const { connectors } = await loadSupervisorSettings(`${directory}/connectors.toml`);
 * assertEquals(connectors[0]?.configPath, `${directory}/bf.toml`);
 * assertEquals(connectors[0]?.restart.policy, "on-failure");
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export async function loadSupervisorSettings(path: string): Promise<SupervisorSettings> {
  requirePath(`Cannot read the file of connectors ${path}`, "read", path);
  const { text } = await readConfigText(path, "docs/connector.md shows how to write one");
  const file = resolve(path);
  const raw = parseSettings(text, file);
  const base = dirname(file);
  const { networks, warnings } = await readConfigs(raw.connector, file);
  return {
    path: file,
    controlSocket: absolute(base, raw.supervisor["control_socket"]),
    logFiles: logFiles(raw, base),
    connectors: raw.connector.map((connector, index) =>
      toConnector(connector, { base, network: networks[index], common: raw.channel })
    ),
    warnings,
  };
}

/** The document's content, checked without looking at any other file. */
function parseSettings(text: string, file: string): RawSettings {
  const table = parseToml(text, file);
  const problems = new SettingsProblems({ file, table, lineOf: locateKeys(text) });
  const result = SETTINGS_SCHEMA.safeParse(table);
  if (result.success) checkRelations(result.data, problems);
  else problems.addIssues(result.error.issues);
  problems.throwIfAny();
  // The schema found nothing that was not told above, so this is for the types only.
  if (!result.success) throw result.error;
  return result.data;
}

/** Checks the configuration of each connector, and tells all that is wrong with any. */
async function readConfigs(
  connectors: readonly RawConnector[],
  file: string,
): Promise<{ networks: (ConnectorNetwork | undefined)[]; warnings: string[] }> {
  const networks: (ConnectorNetwork | undefined)[] = [];
  const warnings: string[] = [];
  const problems: ConfigProblem[] = [];
  for (const { name, type, config, "validate_config": isChecked } of connectors) {
    try {
      const validated = isChecked
        ? await validateConfigFile(type, inside(dirname(file), config))
        : undefined;
      networks.push(validated?.network);
      warnings.push(...validated?.warnings.map((warning) => `${name}: ${warning}`) ?? []);
    } catch (error) {
      if (!(error instanceof ConnectorConfigError)) throw error;
      problems.push(...error.problems);
    }
  }
  const [first, ...others] = problems;
  if (first !== undefined) throw new ConnectorConfigError(file, [first, ...others]);
  return { networks, warnings };
}

function toConnector(
  raw: RawConnector,
  { base, network, common }: {
    base: string;
    network: ConnectorNetwork | undefined;
    common: RawSettings["channel"];
  },
): ConnectorSettings {
  const { restart } = raw;
  return {
    name: raw.name,
    type: raw.type,
    configPath: inside(base, raw.config),
    validateConfig: raw["validate_config"],
    binaryPath: absolute(base, raw.binary),
    projectRoot: absolute(base, raw["project_root"]),
    buildFeatures: raw["build_features"],
    env: raw.env,
    clearEnv: raw["clear_env"],
    channel: toChannel(raw, common),
    dependsOn: raw["depends_on"],
    restart: {
      policy: restart.policy,
      firstDelayMs: ms(restart["first_delay_s"]),
      maxDelayMs: ms(restart["max_delay_s"]),
      jitter: restart.jitter,
      maxRestarts: restart["max_restarts"],
      windowMs: ms(restart["window_s"]),
    },
    ready: toReady(raw),
    watchdog: toWatchdog(raw),
    stopTimeoutMs: ms(raw["stop_timeout_s"]),
    network,
  };
}

/** A connector's own sizes come first, then those of a file in its environment, then all connectors'. */
function toChannel(
  { channel, env }: RawConnector,
  common: RawSettings["channel"],
): ChannelSizes | undefined {
  const shared = env[CHANNEL_VARIABLE] === undefined ? common : undefined;
  if (channel === undefined && shared === undefined) return undefined;
  const { bufferSize, maxBots } = DEFAULT_CHANNEL_SIZES;
  return {
    bufferSize: channel?.["buffer_size"] ?? shared?.["buffer_size"] ?? bufferSize,
    maxBots: channel?.["max_bots"] ?? shared?.["max_bots"] ?? maxBots,
  };
}

function toReady({ ready }: RawConnector): ReadySettings {
  const { symbol, "tick_size": tickSize, "lot_size": lotSize } = ready;
  const known = symbol !== undefined && tickSize !== undefined && lotSize !== undefined;
  return {
    level: ready.level ?? (known ? "fresh" : "attached"),
    symbol: known ? { symbol, tickSize, lotSize } : undefined,
    timeoutMs: ms(ready["timeout_s"]),
  };
}

function toWatchdog({ ready, watchdog }: RawConnector): WatchdogSettings | undefined {
  return watchdog && {
    symbols: watchdog.symbols.flatMap((raw): WatchedSymbol[] => {
      const { symbol, "feed_timeout_s": feedTimeoutS = watchdog["feed_timeout_s"] } = raw;
      const own = symbol === ready.symbol ? ready : undefined;
      const tickSize = raw["tick_size"] ?? own?.["tick_size"];
      const lotSize = raw["lot_size"] ?? own?.["lot_size"];
      // Both are there: a file without them was refused.
      return tickSize === undefined || lotSize === undefined
        ? []
        : [{ symbol, tickSize, lotSize, feedTimeoutMs: ms(feedTimeoutS) }];
    }),
  };
}

function logFiles({ supervisor }: RawSettings, base: string): SupervisorSettings["logFiles"] {
  const directory = absolute(base, supervisor["log_dir"]);
  return directory === undefined ? undefined : {
    directory,
    maxBytes: supervisor["log_max_bytes"],
    maxFiles: supervisor["log_max_files"],
  };
}

function absolute(base: string, path: string | undefined): string | undefined {
  return path === undefined ? undefined : inside(base, path);
}

/** A path as the file means it: relative ones start from its own directory. */
function inside(base: string, path: string): string {
  return isAbsolute(path) ? path : join(base, path);
}

function ms(seconds: number): number {
  return Math.max(1, Math.round(seconds * 1_000));
}
