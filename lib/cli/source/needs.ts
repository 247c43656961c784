/**
 * The permissions that a source needs.
 *
 * @module
 */

import type { Needs } from "../command.ts";
import { libraryPermission } from "../library_permission.ts";
import type { INSTRUMENT_FLAGS } from "../instruments.ts";
import type { LIVE_FLAGS, REPLAY_FLAGS, SOURCE_FLAGS, SPEED_FLAGS } from "./flags.ts";
import { replaySource } from "./replay.ts";

/** The permissions of `--live`: to load the native library. */
export const liveNeeds: Needs<typeof LIVE_FLAGS> = {
  when: "--live",
  applies: ({ live }) => live,
  permissions: ({ library, "channel-config": path }) => [
    libraryPermission(library),
    ...path === undefined ? [] : [{ name: "read", path } as const],
  ],
  why: { ffi: "the native library", read: "--channel-config" },
  set: "live",
};

/** The permissions of `--replay`: to read the recordings. */
export const replayNeeds: Needs<
  typeof REPLAY_FLAGS & typeof SPEED_FLAGS & typeof INSTRUMENT_FLAGS
> = {
  when: "--replay",
  applies: ({ replay }) => replay.length > 0,
  permissions: (flags) =>
    flags.replay.length === 0
      ? [{ name: "read" }]
      : replaySource(flags, { speed: 1 }).files.map(({ path }) => ({ name: "read", path })),
  why: { read: "the recordings" },
  set: "replay",
};

/** The permissions of all sources. */
export const sourceNeeds: readonly Needs<typeof SOURCE_FLAGS>[] = [replayNeeds, liveNeeds];
