/**
 * The flags of `dashboard`.
 *
 * @module
 */

import { CONTROL_FLAGS } from "../connector/control.ts";
import { UsageError } from "../exit.ts";
import type { FlagValues } from "../flags.ts";
import { IDLE_FLAGS } from "../idle_flags.ts";
import { SOURCE_FLAGS } from "../source/flags.ts";
import { refuse } from "../source/refuse.ts";
import { SUPERVISOR_FLAGS } from "./supervisor.ts";
import { type BotSource, botSource } from "../source/source.ts";

const PAGE_FLAGS = {
  port: {
    kind: "number",
    placeholder: "N",
    min: 0,
    max: 65_535,
    integer: true,
    default: 8787,
    description: "Port on 127.0.0.1; 0 for one that is free",
  },
  control: {
    kind: "switch",
    description: "Let the page cancel orders and stop and restart connectors, with a token",
  },
} as const;

const RUN_FLAGS = {
  duration: {
    kind: "number",
    alias: "d",
    placeholder: "SECONDS",
    positive: true,
    max: 2_147_483,
    description: "Time to serve; until Ctrl+C when left out",
  },
  "feed-timeout": {
    kind: "number",
    placeholder: "SECONDS",
    positive: true,
    max: 2_147_483,
    default: 10,
    description: "Age at which a feed counts as lost",
  },
} as const;

/** The flags of `dashboard`. */
export const DASHBOARD_FLAGS:
  & typeof SOURCE_FLAGS
  & typeof PAGE_FLAGS
  & typeof SUPERVISOR_FLAGS
  & typeof RUN_FLAGS
  & typeof IDLE_FLAGS
  & typeof CONTROL_FLAGS = {
    ...SOURCE_FLAGS,
    ...PAGE_FLAGS,
    ...SUPERVISOR_FLAGS,
    ...RUN_FLAGS,
    ...IDLE_FLAGS,
    ...CONTROL_FLAGS,
  };

/** The values of the flags of `dashboard`. */
export type DashboardValues = FlagValues<typeof DASHBOARD_FLAGS>;

/**
 * The market that the flags ask for.
 *
 * @param flags The values of the flags.
 * @returns The market; undefined where only connectors are to be shown.
 * @throws {UsageError} If flags are missing or do not go together.
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function dashboardSource(flags: DashboardValues): BotSource | undefined {
  const { stub, live, replay, supervisor } = flags;
  if (!supervisor) refuse(flags, ["socket"], "--supervisor");
  if (stub || live || replay.length > 0) return botSource(flags, { verb: "show", speed: 1 });
  if (!supervisor) {
    throw new UsageError(
      "Nothing to show: give --stub for a random market, --replay FILE for a recording, --live for " +
        "a running connector, or --supervisor for the connectors",
    );
  }
  refuse(flags, ["connector", "symbol", "tick-size", "lot-size", "instrument", "speed"], "--live");
  return undefined;
}
