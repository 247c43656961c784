/**
 * `cli.ts watch`: shows a market live, and sums it up at the end.
 *
 * @module
 */

import { type AnyDeclaration, defineCommand } from "../command.ts";
import { BOT_VARIABLES, PLACE_VARIABLES } from "../environment.ts";
import { attachNeeds, dashboardFor } from "../dashboard/attach.ts";
import { CommandError, ExitCode } from "../exit.ts";
import { instrumentWarnings } from "../instruments.ts";
import { warn } from "../warnings.ts";
import { writeJson } from "../output.ts";
import { RunDisplay, shownWith } from "../run_display.ts";
import { sourceNeeds } from "../source/needs.ts";
import { botOpener } from "../source/open_bot.ts";
import { WATCH_FLAGS, WATCH_GROUPS, watchSource } from "../watch/options.ts";
import { watchMarket } from "../watch/session.ts";
import { blockLines, plainLine, progressLine, summary } from "../watch/view.ts";

/** The watch command. */
export const watch: AnyDeclaration = defineCommand({
  usage: [
    "--stub [--symbol SYMBOL]... [--seed N] [--duration SECONDS] [--json]",
    "--replay FILE... --tick-size PRICE --lot-size QTY [--symbol SYMBOL]... [--speed FACTOR] " +
    "[--json]",
    "--live --connector NAME --symbol SYMBOL... --tick-size PRICE --lot-size QTY " +
    "[--duration SECONDS] [--json]",
    "--live --instrument NAME:SYMBOL:TICK:LOT... [--duration SECONDS] [--json]",
  ],
  details: [
    "On a terminal the statistics are drawn again in place; elsewhere there is a line a second " +
    "for each instrument. Changes of a connection are told on stderr as they happen.",
    "--live never takes a connector for granted. If none answers within the feed timeout (or " +
    "the duration, if that is shorter) it fails. It also fails when a connection is not healthy " +
    "at the end.",
    "--replay shows a recording at its own pace, or at a multiple of it, until its data ends; " +
    "--speed max runs through it. Durations and rates are then those of the recording.",
    "With --json, stdout gets one object at the end. With several instruments, what cannot be " +
    "added up (prices, volumes, latencies) is null at the top and told in its instruments.",
  ],
  flags: WATCH_FLAGS,
  groups: WATCH_GROUPS,
  validate: (flags) => void watchSource(flags),
  needs: [...sourceNeeds, ...attachNeeds],
  exitCodes: {
    0: "Done, and every connection was healthy at the end",
  },
  environment: [...BOT_VARIABLES, ...PLACE_VARIABLES, "OTEL_DENO"],
  examples: [
    { args: "--stub", description: "Watch a random market until Ctrl+C" },
    {
      args: "--stub --duration 10 --seed 7 --json",
      description: "Watch the same random market for ten seconds and print JSON",
    },
    {
      args: "--replay btcusdt.gz --tick-size 0.1 --lot-size 0.001 --speed 10",
      description: "Watch a recording at ten times its pace",
      permissions: "replay",
    },
    {
      args: "--live --connector binancefutures --symbol btcusdt --tick-size 0.1 --lot-size 0.001",
      description: "Watch a market of a running connector",
      permissions: "live",
    },
    {
      args: "--live --instrument bin:btcusdt:0.1:0.001 --instrument bin:ethusdt:0.01:0.001",
      description: "Watch two markets of the connector that was started as bin",
      permissions: "live",
    },
  ],
  async run({ flags, stdout, stderr, signal }) {
    const source = watchSource(flags);
    if (source.mode === "live") {
      warn(instrumentWarnings(source.instruments), { stderr, quiet: flags.quiet });
    }
    using display = new RunDisplay({ stdout, stderr, show: shownWith(flags) });
    const onClient = await dashboardFor(flags, { mode: source.mode, stderr });
    const open = await botOpener(source);
    const { report, failure, endOfData } = await watchMarket(open(), {
      mode: source.mode,
      onClient,
      realTime: source.mode === "live" || source.speed === 1,
      durationS: flags.duration,
      feedTimeoutS: flags["feed-timeout"],
      idle: flags.idle,
      signal,
      onTick: (state) =>
        display.update({
          block: () => blockLines(state, { ...stdout.size(), style: stdout.style }),
          lines: () => state.instruments.map((instrument) => plainLine(state, instrument)),
          line: () => progressLine(state),
        }),
      onNotice: ({ text, good }) => display.notice(text, good),
    });
    display.end();
    if (flags.json) writeJson(stdout, report);
    else stdout.write(summary(report, { ...stdout.size(), style: stdout.style }));
    if (failure !== undefined) throw failure;
    if (signal.aborted) return ExitCode.Interrupted;
    // At the end of its data a recording is as it should be.
    if (!report.health.healthy && !endOfData) {
      throw new CommandError(`Not healthy at the end: ${report.health.reason}`);
    }
    return ExitCode.Done;
  },
});
