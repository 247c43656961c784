/**
 * `cli.ts paper`: a paper exchange for the real connector, alone or with connector and strategy.
 *
 * @module
 */

import { type AnyDeclaration, defineCommand } from "../command.ts";
import { START_VARIABLES } from "../environment.ts";
import { PAPER_FLAGS, PAPER_GROUPS } from "../paper/flags.ts";
import { paperNeeds } from "../paper/needs.ts";
import { paperPlan } from "../paper/plan.ts";
import { runPaper } from "../paper/run.ts";

/** The paper command. */
export const paper: AnyDeclaration = defineCommand({
  usage: [
    "--stub|--data FILE... [--symbol SYMBOL]... [--port N] [--write-config FILE] [--duration SECONDS]",
    "--stub|--data FILE... --connector PROGRAM|--project-root DIRECTORY [--strategy FILE] " +
    "[--set NAME=VALUE]... [--duration SECONDS]",
  ],
  details: [
    "Speaks Binance USD-M futures or Binance spot on 127.0.0.1, with a recorded or a random market. Orders are " +
    "matched against the book of that market, which takes no notice of them. The market begins " +
    "when somebody subscribes to it. docs/paper.md tells how it differs from Binance.",
    "Alone it prints the connector's configuration, with keys of its own that move no money, and " +
    "how to make it fail on demand.",
    "With --connector or --project-root it starts hftbacktest's connector on itself under a name " +
    "of its own, and with --strategy a bot on that. At the end it holds the exchange's books " +
    "against what the bot was told, and fails if their positions are not the same.",
    "It ends by Ctrl+C, after --duration, with the recording, or with the strategy.",
  ],
  flags: PAPER_FLAGS,
  groups: PAPER_GROUPS,
  validate: (flags) => void paperPlan(flags),
  needs: paperNeeds,
  exitCodes: {
    0: "Done, with the same positions at the exchange and at the bot",
    1: "Something failed, or the positions differ",
  },
  environment: [...START_VARIABLES, "OTEL_DENO"],
  examples: [
    {
      args: "--data btcusdt.gz --write-config paper.toml",
      description: "Serve a recording to a connector that you start yourself",
      permissions: "paper",
    },
    {
      args: "--connector target/release/connector --symbol btcusdt --data btcusdt.gz " +
        "--strategy examples/market_maker.ts",
      description: "Trade a strategy on it, through hftbacktest's connector",
      permissions: "paper",
    },
    {
      args: "--stub --connector target/release/connector --duration 10 --json",
      description: "Run the whole chain on a random market for ten seconds, without trading",
      permissions: "paper",
    },
  ],
  async run({ flags, ...surroundings }) {
    return await runPaper(paperPlan(flags), surroundings);
  },
});
