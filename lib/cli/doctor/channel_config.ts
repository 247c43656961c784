/**
 * Check of the file that sets the sizes of channels. The engine falls back to its
 * defaults without a word when it cannot read the file.
 *
 * @module
 */

import { CHANNEL_VARIABLE, readChannelConfig } from "../../connector/channel/channel_config.ts";
import { ConnectorConfigError } from "../../connector/errors.ts";
import {
  type ChannelSizes,
  DEFAULT_CHANNEL_SIZES,
  describeChannelSizes,
} from "../../model/channel_sizes.ts";
import { isGranted } from "../../permissions.ts";
import { type CheckResult, notChecked } from "./check.ts";

const NAME = "Channel size";

/** The check's result, and the sizes that programs started here would ask for. */
export interface ChannelConfigCheck {
  /** The result. */
  readonly result: CheckResult;
  /** The sizes in the file; undefined if there is none, or none that can be used. */
  readonly sizes: ChannelSizes | undefined;
}

/** Whether the file that HFTBACKTEST_CHANNEL_CONFIG names can be used. */
export function checkChannelConfig(): ChannelConfigCheck {
  if (!isGranted({ name: "env", variable: CHANNEL_VARIABLE })) {
    return { result: notChecked(NAME, `--allow-env=${CHANNEL_VARIABLE}`), sizes: undefined };
  }
  const path = Deno.env.get(CHANNEL_VARIABLE);
  const taken = describeChannelSizes(DEFAULT_CHANNEL_SIZES);
  if (path === undefined) {
    const seen = `nothing is set: connectors take ${taken}`;
    return { result: { name: NAME, status: "ok", seen }, sizes: undefined };
  }
  if (!isGranted({ name: "read", path })) {
    return { result: notChecked(NAME, `--allow-read=${path}`), sizes: undefined };
  }
  try {
    const sizes = readChannelConfig(path);
    const seen = `${path}: ${describeChannelSizes(sizes)}`;
    return { result: { name: NAME, status: "ok", seen }, sizes };
  } catch (error) {
    if (!(error instanceof ConnectorConfigError)) throw error;
    const problems = error.problems.map(({ message }) => message).join(", ");
    return {
      result: {
        name: NAME,
        status: "failed",
        seen: `${CHANNEL_VARIABLE} = ${path}: ${problems}`,
        advice: `Connectors take ${taken} without a word; correct the file: ` +
          "buffer_size = 10000 and max_bots = 200 are the defaults",
      },
      sizes: undefined,
    };
  }
}
