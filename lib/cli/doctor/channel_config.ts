/**
 * Check of the file that sets the size of a connector's channel. The engine falls
 * back to its defaults without a word when it cannot read the file, and the two
 * sides of a channel must agree on its size.
 *
 * @module
 */

import { parse } from "smol-toml";
import { isGranted } from "../../permissions.ts";
import { type CheckResult, notChecked } from "./check.ts";

const NAME = "Channel size";
const VARIABLE = "HFTBACKTEST_CHANNEL_CONFIG";

/** The size of a channel. */
export interface ChannelSize {
  /** Samples that each bot's buffer holds. */
  readonly bufferSize: number;
  /** Bots that can listen. */
  readonly maxBots: number;
}

/** What the engine uses when nothing is set. */
export const DEFAULT_CHANNEL_SIZE: ChannelSize = { bufferSize: 10_000, maxBots: 200 };

/** The check's result, and the size that a connector started here would use. */
export interface ChannelConfigCheck {
  /** The result. */
  readonly result: CheckResult;
  /** The size. */
  readonly size: ChannelSize;
}

/** Whether the file that HFTBACKTEST_CHANNEL_CONFIG names can be used. */
export function checkChannelConfig(): ChannelConfigCheck {
  const size = DEFAULT_CHANNEL_SIZE;
  if (!isGranted({ name: "env", variable: VARIABLE })) {
    return { result: notChecked(NAME, `--allow-env=${VARIABLE}`), size };
  }
  const path = Deno.env.get(VARIABLE);
  if (path === undefined) {
    return { result: { name: NAME, status: "ok", seen: `the default, ${words(size)}` }, size };
  }
  if (!isGranted({ name: "read", path })) {
    return { result: notChecked(NAME, `--allow-read=${path}`), size };
  }
  try {
    const read = channelSize(parse(Deno.readTextFileSync(path)));
    return { result: { name: NAME, status: "ok", seen: `${path}: ${words(read)}` }, size: read };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return {
      result: {
        name: NAME,
        status: "failed",
        seen: `${VARIABLE} = ${path}: ${reason}`,
        advice: `Connector and bots take ${words(size)} without a word; correct the file: ` +
          "buffer_size = 10000 and max_bots = 200, the same for the connector and every bot",
      },
      size,
    };
  }
}

/**
 * The size that a parsed file sets.
 *
 * @throws {Error} Saying which entry is missing or cannot be used.
 */
export function channelSize(table: Readonly<Record<string, unknown>>): ChannelSize {
  const entry = (name: string): number => {
    const value = table[name];
    if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
    throw new Error(
      value === undefined
        ? `${name} is missing`
        : `${name} = ${String(value)} is not a whole number above 0`,
    );
  };
  return { bufferSize: entry("buffer_size"), maxBots: entry("max_bots") };
}

function words({ bufferSize, maxBots }: ChannelSize): string {
  return `buffer of ${bufferSize} messages for each of at most ${maxBots} bots`;
}
