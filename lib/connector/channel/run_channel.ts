/**
 * The sizes that a connector is started with.
 *
 * @module
 */

import {
  type ChannelSizes,
  DEFAULT_CHANNEL_SIZES,
  describeChannelSizes,
} from "../../model/channel_sizes.ts";
import { isGranted, readVariable } from "../../permissions.ts";
import type { PrivateFile } from "../config/private_file.ts";
import { ConnectorConfigError } from "../errors.ts";
import type { RunnerSettings } from "../runner_options.ts";
import { CHANNEL_VARIABLE, readChannelConfig } from "./channel_config.ts";
import { writeChannelFile } from "./channel_file.ts";

/** The channel of a connector. */
export interface ConnectorChannel {
  /**
   * The sizes that the connector asks for; undefined when the variable or the file that tells them may
   * not be read here.
   */
  readonly sizes: ChannelSizes | undefined;
  /**
   * The file that holds them, for the variable HFTBACKTEST_CHANNEL_CONFIG of bots in any language;
   * undefined without one.
   */
  readonly configPath: string | undefined;
}

/** What is done about the channel of a connector that is started. */
export interface RunChannel extends ConnectorChannel {
  /** A file that was made for it, to be disposed of when it has ended. */
  readonly file: PrivateFile | undefined;
}

/**
 * Settles the sizes of a connector's channel, and writes the file that tells them to the connector.
 *
 * @param settings The connector.
 * @param options `directory`, where the file goes; `warn`, who is told what should be looked at.
 * @returns The sizes.
 * @throws {ConnectorConfigError} If the connector's own environment names a file that it cannot use.
 * @throws {ConnectorRunnerError} If the file cannot be written.
 */
export async function settleChannel(
  settings: RunnerSettings,
  options: { directory: string; warn: (message: string) => void },
): Promise<RunChannel> {
  const { channel: sizes, connectorName, env } = settings;
  if (sizes !== undefined) {
    const file = await writeChannelFile(connectorName, sizes, options.directory);
    return { sizes, configPath: file.path, file };
  }
  const own = env[CHANNEL_VARIABLE];
  const hidden = new Set<string>();
  const configPath = own ?? readVariable(CHANNEL_VARIABLE, hidden);
  if (configPath === undefined) {
    const taken = hidden.size === 0 ? DEFAULT_CHANNEL_SIZES : undefined;
    return { sizes: taken, configPath, file: undefined };
  }
  try {
    return { sizes: readSizes(configPath), configPath, file: undefined };
  } catch (error) {
    // One that is only inherited is not this connector's alone, and the engine goes on without.
    if (!(error instanceof ConnectorConfigError) || own !== undefined) throw error;
    const taken = describeChannelSizes(DEFAULT_CHANNEL_SIZES);
    options.warn(`${error.message}; the connector takes the default, ${taken}`);
    return { sizes: DEFAULT_CHANNEL_SIZES, configPath: undefined, file: undefined };
  }
}

/** The sizes in a file, as far as it may be read. */
function readSizes(path: string): ChannelSizes | undefined {
  return isGranted({ name: "read", path }) ? readChannelConfig(path) : undefined;
}
