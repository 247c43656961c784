/**
 * `cli.ts record`: writes a market into files that hftbacktest reads.
 *
 * @module
 */

import { dirname } from "@std/path";
import { type RecoveredRecording, recoverRecording } from "../../replay/record/recover.ts";
import { type AnyDeclaration, type CommandContext, defineCommand } from "../command.ts";
import { BOT_VARIABLES } from "../environment.ts";
import { CommandError, ExitCode } from "../exit.ts";
import { instrumentWarnings } from "../instruments.ts";
import { warn } from "../warnings.ts";
import { type Output, writeJson } from "../output.ts";
import { Progress } from "../progress.ts";
import { RunDisplay, shownWith } from "../run_display.ts";
import { RECORD_FLAGS, RECORD_GROUPS, type RecordPlan, recordPlan } from "../record/options.ts";
import { recordMarket } from "../record/session.ts";
import { recoveredLine, statusLine, summary } from "../record/view.ts";
import { sourceNeeds } from "../source/needs.ts";
import { report } from "../report.ts";
import { botOpener } from "../source/open_bot.ts";

const DEFAULT_FEED_TIMEOUT_S = 10;

/** The record command. */
export const record: AnyDeclaration = defineCommand({
  usage: [
    "--output DIRECTORY --live --connector NAME --symbol SYMBOL... --tick-size PRICE --lot-size QTY " +
    "[--format npz|gz] [--rotate-mb N] [--rotate-minutes N] [--duration SECONDS] [--json]",
    "--output DIRECTORY --stub [--symbol SYMBOL]... [--seed N] [--duration SECONDS] [--json]",
    "--output DIRECTORY --replay FILE... --tick-size PRICE --lot-size QTY [--format npz|gz] [--json]",
    "--recover FILE.part...",
  ],
  details: [
    "Each instrument gets files of its own, named [PREFIX]SYMBOL-YYYYMMDD-HHMMSS.npz or .gz by the " +
    "time of the first event, UTC. Each begins with the whole book, so that it can be replayed " +
    "alone. No file is ever overwritten. docs/recording.md tells what is in them.",
    "A file is called FILE.part until it is complete. All that came is on the disk within a second; " +
    "what a crash leaves behind becomes a complete file with --recover.",
    "A live market is never held up: what a slow disk has no time for is dropped, counted and " +
    "told. A full disk ends the recording with code 1 and complete files. It also fails when no " +
    "connector answers in time, or a connection is not healthy at the end.",
    "--stub is recorded at its own pace, and --replay as fast as possible, which makes npz files of " +
    "gz files; --speed tells otherwise.",
  ],
  flags: RECORD_FLAGS,
  groups: RECORD_GROUPS,
  validate: (flags) => void recordPlan(flags),
  needs: [
    {
      when: "always",
      permissions: ({ output, recover = [] }) => {
        const paths = recover.length > 0 ? recover.map(dirname) : output ? [output] : [undefined];
        return paths.flatMap((path) => [
          { name: "read", ...(path && { path }) } as const,
          { name: "write", ...(path && { path }) } as const,
        ]);
      },
      why: { read: "what is in the directory already", write: "the files that it makes" },
      set: "record",
    },
    ...sourceNeeds.map((needs) => ({ ...needs, set: "record" as const })),
  ],
  options: { recording: "--recover" },
  exitCodes: {
    0: "Done, and every connection was healthy at the end",
    1: "Failed: the disk is full, no connector, or an unhealthy connection; files are complete",
  },
  files: [
    ["DIRECTORY/[PREFIX]SYMBOL-YYYYMMDD-HHMMSS.npz", "A complete recording, or .gz"],
    ["FILE.part", "One that is being written, or that a crash has left behind"],
  ],
  environment: BOT_VARIABLES,
  examples: [
    {
      args: "--output data --live --connector binancefutures --symbol btcusdt --tick-size 0.1 " +
        "--lot-size 0.001 --compress",
      description: "Record a market of a running connector until Ctrl+C, a file each day",
      permissions: "record",
    },
    {
      args: "--output data --stub --seed 7 --speed max --duration 3600",
      description: "Write an hour of a random market, as fast as possible",
      permissions: "record",
    },
    {
      args: "--output data --replay btcusdt.gz --tick-size 0.1 --lot-size 0.001",
      description: "Make an npz file of a collector's gz file",
      permissions: "record",
    },
    {
      args: "--recover data/btcusdt-20240808-000000.npz.part",
      description: "Complete a file that a crash has left behind",
      permissions: "record",
    },
  ],
  run(context) {
    const plan = recordPlan(context.flags);
    return plan.kind === "recover" ? recover(plan.paths, context) : run(plan, context);
  },
});

type Context = CommandContext<typeof RECORD_FLAGS>;

async function run(
  { source, options }: RecordPlan & { readonly kind: "record" },
  { flags, stdout, stderr, signal }: Context,
): Promise<ExitCode> {
  if (source.mode === "live") {
    warn(instrumentWarnings(source.instruments), { stderr, quiet: flags.quiet });
  }
  using display = new RunDisplay({ stdout, stderr, show: shownWith(flags) });
  const open = await botOpener(source);
  const { report: result, failure, endOfData } = await recordMarket(open(), {
    source,
    recorder: options,
    durationS: flags.duration,
    feedTimeoutS: flags["feed-timeout"] ?? DEFAULT_FEED_TIMEOUT_S,
    idle: flags.idle,
    signal,
    onTick: (state) => display.update({ line: () => statusLine(state) }),
    onNotice: ({ text, good }) => display.notice(text, good),
  });
  display.end();
  if (flags.json) writeJson(stdout, result);
  else stdout.write(summary(result, { ...stdout.size(), style: stdout.style }));
  if (failure !== undefined) throw failure;
  if (signal.aborted) return ExitCode.Interrupted;
  // At the end of its data a recording is as it should be.
  if (!result.health.healthy && !endOfData) {
    throw new CommandError(`Not healthy at the end: ${result.health.reason}`);
  }
  return ExitCode.Done;
}

async function recover(
  paths: readonly string[],
  { flags, stdout, stderr, signal }: Context,
): Promise<ExitCode> {
  const recovered: (RecoveredRecording & { readonly from: string })[] = [];
  const failed: { readonly from: string; readonly error: string }[] = [];
  const failures: unknown[] = [];
  for (const path of paths) {
    try {
      const result = await recoverShown(path, { stderr, signal, quiet: flags.quiet });
      recovered.push({ from: path, ...result });
      if (!flags.json) stdout.line(recoveredLine(path, result));
    } catch (error) {
      if (signal.aborted) throw error;
      // One that cannot be recovered keeps no other from it.
      failures.push(error);
      failed.push({ from: path, error: error instanceof Error ? error.message : String(error) });
    }
  }
  if (flags.json) writeJson(stdout, { recovered, failed });
  for (const failure of failures.slice(0, -1)) {
    report(failure, stderr, { debug: flags.debug, set: "record" });
  }
  if (failures.length > 0) throw failures.at(-1);
  return ExitCode.Done;
}

/** Completes a file, showing how far that is. */
async function recoverShown(
  path: string,
  { stderr, signal, quiet }: { stderr: Output; signal: AbortSignal; quiet: boolean },
): Promise<RecoveredRecording> {
  const what = `Recovering ${path}`;
  using progress = quiet ? undefined : new Progress(stderr, { what });
  return await recoverRecording(path, {
    signal,
    onProgress: (done) => progress?.update({ what, done }),
  });
}
