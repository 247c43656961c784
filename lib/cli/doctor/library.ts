/**
 * Checks of the native library and of connectors' channels, which only the
 * library can look at.
 *
 * @module
 */

import { NativeLibrary } from "../../native/library.ts";
import {
  NativeLibraryLoadError,
  NativeLibraryNotFoundError,
  NativeLibraryVersionError,
} from "../../native/errors.ts";
import { type ChannelSizes, describeChannelSizes } from "../../model/channel_sizes.ts";
import { probeChannel } from "../../native/probe.ts";
import { MissingPermissionError } from "../../model/errors.ts";
import { plural } from "../../format.ts";
import { commandLine } from "../program.ts";
import { type CheckResult, notChecked } from "./check.ts";

const LIBRARY = "Native library";

/** Whether the library is there, can be loaded, and speaks this version's ABI. */
export function checkLibrary(libraryPath: string | undefined): CheckResult {
  try {
    using library = NativeLibrary.open({ libraryPath });
    const { abiVersion, version, hftbacktest, iceoryx2 } = library.info();
    return {
      name: LIBRARY,
      status: "ok",
      seen: `${library.path}: version ${version}, ABI ${abiVersion}, ` +
        `hftbacktest ${hftbacktest}, iceoryx2 ${iceoryx2}`,
    };
  } catch (error) {
    if (error instanceof MissingPermissionError) return notChecked(LIBRARY, error.flags.join(" "));
    const advice = `Build it: ${commandLine("native build", "native")}`;
    if (error instanceof NativeLibraryNotFoundError) {
      const seen = "in none of the places where it is looked for: " +
        error.tried.map(({ path, result }) => `${path} (${result})`).join(", ");
      return { name: LIBRARY, status: "failed", seen, advice };
    }
    if (error instanceof NativeLibraryVersionError) {
      const { path, actual, expected } = error;
      const seen = `${path}: ABI ${actual}, this version of hftlive needs ${expected}`;
      return { name: LIBRARY, status: "failed", seen, advice };
    }
    if (error instanceof NativeLibraryLoadError) {
      return { name: LIBRARY, status: "failed", seen: error.message, advice };
    }
    throw error;
  }
}

/**
 * Whether a connector is attached to its channel, and the channel large enough for bots started here.
 *
 * @param connector Name of the connector.
 * @param options `libraryPath` of the native library, if not the usual one; `asked`, the sizes that
 * bots ask for, if they do.
 */
export function checkChannel(
  connector: string,
  { libraryPath, asked }: {
    libraryPath: string | undefined;
    asked: ChannelSizes | undefined;
  },
): CheckResult {
  const name = `Channel ${connector}`;
  try {
    const { exists, publishers, bots, sizes } = probeChannel(connector, { libraryPath });
    const alive = publishers.filter((publisher) => publisher.alive).map(({ pid }) => pid);
    const dead = publishers.filter((publisher) => !publisher.alive).map(({ pid }) => pid);
    const listening = plural(bots, "bot") +
      (sizes === undefined ? "" : `; ${describeChannelSizes(sizes)}`);
    if (sizes !== undefined && asked !== undefined && !fits(asked, sizes)) {
      return {
        name,
        status: "failed",
        seen: `it holds ${describeChannelSizes(sizes)}, and bots started here ask for ` +
          describeChannelSizes(asked),
        advice: "Name the connector's own file in HFTBACKTEST_CHANNEL_CONFIG, or none",
      };
    }
    if (alive.length > 0) {
      return {
        name,
        status: "ok",
        seen: `connector with process id ${alive.join(", ")} is attached, ${listening}`,
      };
    }
    const seen = dead.length > 0
      ? `the connector with process id ${dead.join(", ")} died without clearing up, ${listening}`
      : exists
      ? `the channel exists, but no connector is attached, ${listening}`
      : "the channel does not exist";
    const advice = `Start it: connector ${connector} TYPE CONFIG.toml`;
    return { name, status: "failed", seen, advice };
  } catch (error) {
    if (error instanceof MissingPermissionError) return notChecked(name, error.flags.join(" "));
    if (error instanceof NativeLibraryNotFoundError) {
      const advice = "The native library is needed to look at a channel";
      return { name, status: "notChecked", seen: "no native library", advice };
    }
    throw error;
  }
}

function fits(asked: ChannelSizes, sizes: ChannelSizes): boolean {
  return asked.bufferSize <= sizes.bufferSize && asked.maxBots <= sizes.maxBots;
}
