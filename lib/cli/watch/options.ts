/**
 * The flags of `watch`.
 *
 * @module
 */

import { ATTACH_FLAGS, checkAttach } from "../dashboard/attach.ts";
import type { FlagGroup } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { IDLE_FLAGS } from "../idle_flags.ts";
import { SOURCE_FLAGS, SOURCE_GROUPS } from "../source/flags.ts";
import { type BotSource, botSource } from "../source/source.ts";

const RUN_FLAGS = {
  duration: {
    kind: "number",
    alias: "d",
    placeholder: "SECONDS",
    positive: true,
    // A timer cannot wait for longer.
    max: 2_147_483,
    description: "Time to watch; until Ctrl+C, or the end of the recording, when left out",
  },
  "feed-timeout": {
    kind: "number",
    placeholder: "SECONDS",
    positive: true,
    max: 2_147_483,
    default: 10,
    description:
      "Age at which a feed counts as lost, and time to wait for a connector at the start",
  },
} as const;

/** The flags of `watch`. */
export const WATCH_FLAGS:
  & typeof SOURCE_FLAGS
  & typeof RUN_FLAGS
  & typeof IDLE_FLAGS
  & typeof ATTACH_FLAGS
  & typeof JSON_FLAG = {
    ...SOURCE_FLAGS,
    ...RUN_FLAGS,
    ...IDLE_FLAGS,
    ...ATTACH_FLAGS,
    ...JSON_FLAG,
  };

/** The same in groups. */
export const WATCH_GROUPS: readonly FlagGroup[] = [
  ...SOURCE_GROUPS,
  { title: "RUN FLAGS", flags: Object.keys({ ...RUN_FLAGS, ...IDLE_FLAGS, ...JSON_FLAG }) },
  { title: "DASHBOARD FLAGS", flags: Object.keys(ATTACH_FLAGS) },
];

/** The values of the flags of `watch`. */
export type WatchValues = FlagValues<typeof WATCH_FLAGS>;

/**
 * What the flags ask for. Markets run at the pace of real time unless told otherwise.
 *
 * @param flags The values of the flags.
 * @returns The source.
 * @throws {UsageError} If flags are missing or do not go together.
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function watchSource(flags: WatchValues): BotSource {
  checkAttach(flags);
  return botSource(flags, { verb: "watch", speed: 1 });
}
