/**
 * The flags that name where a bot's market comes from.
 *
 * @module
 */

import type { FlagGroup } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import { INSTRUMENT_FLAGS } from "../instruments.ts";

/** The flags of a random market. */
export const STUB_FLAGS = {
  stub: { kind: "switch", description: "Use a random market made here; needs no permission" },
  seed: {
    kind: "number",
    placeholder: "N",
    min: 0,
    max: 4_294_967_295,
    integer: true,
    description: "Seed of the random market; --stub only (default: another one each time)",
  },
} as const;

/** The flags of recorded markets. */
export const REPLAY_FLAGS = {
  replay: {
    kind: "text",
    placeholder: "[SYMBOL=]FILE",
    repeatable: true,
    description: "Use a recorded market: hftbacktest's npz, or the collector's gz",
  },
  start: {
    kind: "text",
    placeholder: "TIME",
    description: "Begin the recording here, such as 2024-08-08T12:00:00Z; --replay only",
  },
  end: {
    kind: "text",
    placeholder: "TIME",
    description: "End the recording here; --replay only",
  },
  "skip-damaged": {
    kind: "switch",
    description: "Go on behind what is damaged in a recording, and count it; --replay only",
  },
} as const;

/** The flags of the market of a running connector. */
export const LIVE_FLAGS = {
  live: { kind: "switch", description: "Use the market of a running connector" },
  depth: {
    kind: "choice",
    words: ["hashmap", "roivec"],
    description: "How books are kept; --live only (default: hashmap)",
  },
  "roi-lower": {
    kind: "number",
    placeholder: "PRICE",
    positive: true,
    description: "Lowest price that a roivec book keeps",
  },
  "roi-upper": {
    kind: "number",
    placeholder: "PRICE",
    positive: true,
    description: "Highest price that a roivec book keeps",
  },
  library: {
    kind: "text",
    placeholder: "FILE",
    description: "The native library to use, instead of the one that would be found; --live only",
  },
  "channel-config": {
    kind: "text",
    placeholder: "FILE",
    description: "Least sizes of the connectors' channels, a TOML file; --live only (default: any)",
  },
} as const;

/** The flag that says how fast a simulated market runs. */
export const SPEED_FLAGS = {
  speed: {
    kind: "text",
    placeholder: "FACTOR",
    description: "How fast --stub and --replay run: a multiple of real time (1 for --stub), or max",
  },
} as const;

/** All flags that name a source. */
export const SOURCE_FLAGS:
  & typeof STUB_FLAGS
  & typeof REPLAY_FLAGS
  & typeof LIVE_FLAGS
  & typeof INSTRUMENT_FLAGS
  & typeof SPEED_FLAGS = {
    // The three sources first, then what tells more about them, for the help text.
    ...{ stub: STUB_FLAGS.stub, replay: REPLAY_FLAGS.replay, live: LIVE_FLAGS.live },
    ...INSTRUMENT_FLAGS,
    ...STUB_FLAGS,
    ...SPEED_FLAGS,
    ...REPLAY_FLAGS,
    ...LIVE_FLAGS,
  };

/** The same in groups. */
export const SOURCE_GROUPS: readonly FlagGroup[] = [
  { title: "MARKET FLAGS", flags: ["stub", "replay", "live"] },
  { title: "INSTRUMENT FLAGS", flags: Object.keys(INSTRUMENT_FLAGS) },
  {
    title: "FLAGS OF --stub AND --replay",
    flags: ["seed", "speed", "start", "end", "skip-damaged"],
  },
  {
    title: "FLAGS OF --live",
    flags: ["depth", "roi-lower", "roi-upper", "library", "channel-config"],
  },
];

/** The values of {@linkcode SOURCE_FLAGS}. */
export type SourceValues = FlagValues<typeof SOURCE_FLAGS>;
