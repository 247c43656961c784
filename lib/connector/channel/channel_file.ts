/**
 * The file through which a connector, and bots in any language, get the sizes of its channel.
 *
 * @module
 */

import { join } from "@std/path";
import type { ChannelSizes } from "../../model/channel_sizes.ts";
import { PrivateFile } from "../config/private_file.ts";
import { ConnectorRunnerError } from "../errors.ts";
import { nameFile } from "../name_file.ts";
import { formatChannelConfig } from "./channel_config.ts";

/** Where a connector's file is. */
export async function channelFilePath(connectorName: string, directory: string): Promise<string> {
  return join(directory, await nameFile(connectorName, "channel.toml"));
}

/**
 * Writes the sizes of a connector's channel where bots find them: `NAME.channel.toml` in a private
 * directory. Nobody sees a part of it, and no other runner of the name replaces it.
 *
 * @param connectorName Name of the connector.
 * @param sizes The sizes.
 * @param directory Where it goes; made with mode 0700 if it is not there.
 * @returns The file, which is removed when it is disposed of, when the process ends on its own, or, if
 * the process is killed, when the next private file is made.
 * @throws {ConnectorRunnerError} If another process keeps such a file there, or none can be written.
 * @throws {MissingPermissionError} If the directory may not be read or written.
 */
export async function writeChannelFile(
  connectorName: string,
  sizes: ChannelSizes,
  directory: string,
): Promise<PrivateFile> {
  const path = await channelFilePath(connectorName, directory);
  const file = await PrivateFile.create(formatChannelConfig(sizes), { directory, name: "channel" });
  try {
    await file.publish(path);
    return file;
  } catch (cause) {
    file[Symbol.dispose]();
    const reason = cause instanceof Deno.errors.AlreadyExists
      ? `another process keeps the sizes of connector ${connectorName} in it`
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new ConnectorRunnerError(`Cannot write ${path}: ${reason}`, { cause });
  }
}
