/**
 * `cli.ts paper`: a paper exchange for the real connector, alone or with connector and strategy.
 *
 * @module
 */

import { type Command, defineCommand } from "../command.ts";
import { START_WHY, startPermissions } from "../connector/permissions.ts";
import { variableOf } from "../paper/keys.ts";
import { PAPER_FLAGS } from "../paper/flags.ts";
import { paperPlan, recordingPaths } from "../paper/plan.ts";
import { runPaper } from "../paper/run.ts";

/** The paper command. */
export const paper: Command = defineCommand({
  name: "paper",
  summary: "Run a paper exchange for the real connector, and a strategy on it",
  usage: [
    "--stub|--data FILE... [--symbol SYMBOL]... [--port N] [--write-config FILE] [--duration SECONDS]",
    "--stub|--data FILE... --connector PROGRAM|--project-root DIRECTORY [--strategy FILE] " +
    "[--set NAME=VALUE]... [--duration SECONDS]",
  ],
  details: [
    "Speaks Binance USD-M futures on 127.0.0.1, with a recorded or a random market. Orders are " +
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
  validate: (flags) => void paperPlan(flags),
  needs: [
    {
      when: "always",
      permissions: (flags) => {
        const { port, "api-key": apiKey, secret, "write-config": config } = flags;
        const variables = [variableOf(apiKey), variableOf(secret)].flatMap((name) => name ?? []);
        const paths = flags.stub || flags.data.length + flags.replay.length > 0
          ? recordingPaths(paperPlan(flags))
          : [];
        return [
          { name: "net", host: port === 0 ? "127.0.0.1" : `127.0.0.1:${port}` },
          ...paths.map((path) => ({ name: "read", path }) as const),
          ...variables.map((variable) => ({ name: "env", variable }) as const),
          ...config === undefined ? [] : [{ name: "write", path: config } as const],
        ];
      },
      why: {
        net: "to be reached by a connector on this machine",
        read: "recordings",
        env: "the variables that --api-key and --secret name",
        write: "--write-config: the connector's configuration",
      },
      set: "paper",
    },
    {
      when: "--connector",
      applies: ({ connector, "project-root": root }) =>
        connector !== undefined || root !== undefined,
      permissions: ({ connector, library, strategy, report }) => [
        ...startPermissions({
          binaries: connector === undefined ? undefined : [connector],
          files: undefined,
          library,
        }),
        ...strategy === undefined ? [] : [{ name: "read", path: strategy } as const],
        ...report === undefined ? [] : [{ name: "write", path: report } as const],
      ],
      why: { ...START_WHY, write: "a private directory for the connector, and --report" },
      set: "paper",
    },
  ],
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
