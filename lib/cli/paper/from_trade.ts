/**
 * `trade --paper` in the words of `paper`.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";
import type { Needs } from "../command.ts";
import { UsageError } from "../exit.ts";
import { parseLine } from "../parse.ts";
import { refuse } from "../source/refuse.ts";
import { speedFactor } from "../source/speed.ts";
import type { TRADE_FLAGS, TradeValues } from "../trade/options.ts";
import { PAPER_FLAGS, type PaperValues } from "./flags.ts";
import { exchangeChainNeeds } from "./needs.ts";

/** Flags of `trade` that mean nothing on a paper exchange. */
const OTHERS = [
  ...["live", "instrument", "order-latency", "depth", "roi-lower", "roi-upper"],
  ...["keep-orders", "settle"],
] as const;

/**
 * The flags of `paper` that do the same.
 *
 * @param flags The flags of `trade --paper`.
 * @returns The flags of `paper`; those that `trade` lacks have their defaults.
 * @throws {UsageError} If a flag means nothing there, or is missing.
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function paperValuesOf(flags: TradeValues): PaperValues & { readonly quiet?: boolean } {
  refuse(flags, OTHERS, "another market than --paper");
  if (flags.connector === undefined) {
    throw new UsageError(
      "Missing flag: --paper needs --connector PROGRAM, hftbacktest's connector",
    );
  }
  const speed = speedFactor(flags.speed, 1);
  if (speed === Infinity) throw new InvalidInputError("--speed", "max", "a number, with --paper");
  return {
    ...parseLine([], PAPER_FLAGS).flags,
    ...flags,
    data: [],
    speed,
    timeout: flags["feed-timeout"],
    "queue-model": flags["queue-model"],
  };
}

/** The permissions of `trade --paper`. */
export const tradePaperNeeds: readonly Needs<typeof TRADE_FLAGS>[] = exchangeChainNeeds.map((
  needs,
) => ({
  ...needs,
  when: "--paper",
  applies: ({ paper }) => paper,
  permissions: (flags, args) =>
    needs.permissions(flags.paper ? paperValuesOf(flags) : parseLine([], PAPER_FLAGS).flags, args),
}));
