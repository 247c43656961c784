/**
 * What a supervisor is to do: the content of a `connectors.toml`.
 *
 * @module
 */

import type { ChannelSizes } from "../../model/channel_sizes.ts";
import type { ConnectorNetwork, ConnectorType } from "../config/types.ts";
import type { ReadinessLevel } from "../readiness.ts";
import type { RestartSettings } from "./restart_policy.ts";

/** A symbol with the grid that the connector keeps its book on. */
export interface SymbolSettings {
  /** The symbol, as the exchange's connector spells it. */
  readonly symbol: string;
  /** Smallest step of prices. */
  readonly tickSize: number;
  /** Smallest step of quantities. */
  readonly lotSize: number;
}

/** When a connector counts as ready. */
export interface ReadySettings {
  /** How much has to be proven. */
  readonly level: ReadinessLevel;
  /** The symbol it is proven with; undefined where the level needs none. */
  readonly symbol: SymbolSettings | undefined;
  /** How long it may take, ms. */
  readonly timeoutMs: number;
}

/** Which feeds of a connector are watched. */
export interface WatchdogSettings {
  /** The symbols: at least one. */
  readonly symbols: readonly WatchedSymbol[];
}

/** A symbol whose feed is watched. */
export interface WatchedSymbol extends SymbolSettings {
  /** Time without market data, ms, after which the connector is restarted. */
  readonly feedTimeoutMs: number;
}

/** One connector of a supervisor. */
export interface ConnectorSettings {
  /** Name on the channel, unlike that of any other connector. */
  readonly name: string;
  /** The exchange. */
  readonly type: ConnectorType;
  /** Its configuration file, as an absolute path. */
  readonly configPath: string;
  /** Whether the file is checked; false for a connector of one's own with other keys. */
  readonly validateConfig: boolean;
  /** Its program, as an absolute path; undefined for the one of the project. */
  readonly binaryPath: string | undefined;
  /** Root of the project it is built from, as an absolute path; undefined to look for it. */
  readonly projectRoot: string | undefined;
  /** Cargo features it is built with; undefined for the connector's own default. */
  readonly buildFeatures: readonly string[] | undefined;
  /** Environment variables beside those of the supervisor; may hold secrets, so never shown. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it gets, of the supervisor's environment, only what it may need. */
  readonly clearEnv: boolean;
  /** Sizes of its channel; undefined for those of its environment. */
  readonly channel: ChannelSizes | undefined;
  /** Names of the connectors that have to be ready before it is started. */
  readonly dependsOn: readonly string[];
  /** How it is restarted. */
  readonly restart: RestartSettings;
  /** When it counts as ready. */
  readonly ready: ReadySettings;
  /** Which of its feeds are watched; undefined for none. */
  readonly watchdog: WatchdogSettings | undefined;
  /** How long it has to end after SIGTERM before it is killed, ms. */
  readonly stopTimeoutMs: number;
  /** Where its orders go; undefined when its configuration is not checked. */
  readonly network: ConnectorNetwork | undefined;
}

/** Log files of a supervisor's connectors: `DIRECTORY/NAME.log`. */
export interface LogFileSettings {
  /** The directory, as an absolute path; it must exist. */
  readonly directory: string;
  /** Size at which a file is full, in bytes. */
  readonly maxBytes: number;
  /** How many files are kept of each connector. */
  readonly maxFiles: number;
}

/** A supervisor and its connectors. */
export interface SupervisorSettings {
  /** The file this was read from, as an absolute path. */
  readonly path: string;
  /** Path of the control socket; undefined for the default one. */
  readonly controlSocket: string | undefined;
  /** Where the output of connectors is written; undefined for memory only. */
  readonly logFiles: LogFileSettings | undefined;
  /** The connectors: at least one, with unlike names and without circular dependencies. */
  readonly connectors: readonly ConnectorSettings[];
  /** What can be used but should be looked at: one line each, without secrets. */
  readonly warnings: readonly string[];
}
