/**
 * One connector in the foreground, from its start to its end.
 *
 * @module
 */

import { validateConfigFile } from "../../connector/config/validate.ts";
import { ConnectorBuildError } from "../../connector/errors.ts";
import { exchangeAbsence } from "../../connector/exchange_absence.ts";
import { describeExit } from "../../connector/exit.ts";
import type { ReadinessOptions } from "../../connector/readiness.ts";
import { ConnectorRunner } from "../../connector/runner.ts";
import type { ConnectorRunnerOptions } from "../../connector/runner_options.ts";
import { CommandError, ExitCode } from "../exit.ts";
import { plural } from "../../format.ts";
import type { Output } from "../output.ts";
import { BuildProgressLine } from "./build_progress.ts";
import { logText } from "./log_text.ts";
import { networkText } from "./state_text.ts";

/** What to run. */
export interface RunPlan {
  /** The connector. */
  readonly runner: ConnectorRunnerOptions;
  /** What has to be proven about it. */
  readonly ready: ReadinessOptions;
  /** Whether to tell nothing but its output and what goes wrong. */
  readonly quiet: boolean;
}

/** Where it runs. */
interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly signal: AbortSignal;
}

/**
 * Runs a connector until it ends or the signal is aborted.
 *
 * @param plan What to run.
 * @param surroundings Where its output goes, and what ends it.
 * @returns The exit code.
 * @throws {CommandError} If it is not ready in time, or crashes.
 * @throws All that `ConnectorRunner.start` throws.
 */
export async function runConnector(
  plan: RunPlan,
  { stdout, stderr, signal }: Surroundings,
): Promise<ExitCode> {
  const { runner: options, ready, quiet } = plan;
  const { connectorName: name, connectorType, configPath, validateConfig } = options;
  const { style } = stderr;
  const tell = (text: string): void => {
    if (!quiet) stderr.line(`${style.bold(name)} ${text}`);
  };
  if (validateConfig !== false) {
    const { network } = await validateConfigFile(connectorType, configPath);
    tell(`starting on network ${networkText(network, style)}`);
  }
  await using runner = new ConnectorRunner(options);
  runner.addEventListener("warning", ({ detail }) => {
    if (!quiet) stderr.line(`${style.yellow("warning:")} ${detail}`);
  });
  await start(runner, { stderr, signal, quiet });
  const printing = print(runner, { stdout, stderr });
  try {
    const { ready: isReady, level, reached, reason, elapsedMs } = await runner.waitForReady({
      ...ready,
      signal,
    });
    if (!isReady) {
      throw new CommandError(
        `Connector ${name} is not ${level}, only ${reached}: ${reason ?? "no reason is known"}`,
      );
    }
    tell(style.green(`ready (${level}) after ${(elapsedMs / 1_000).toFixed(1)} s`));
    const exit = await runner.exited;
    if (signal.aborted) tell("stopped");
    else if (exit?.reason === "crashed") {
      const absence = exchangeAbsence(runner.output);
      const why = absence === undefined ? "" : `: ${absence}`;
      throw new CommandError(`Connector ${name} ${describeExit(exit)}${why}`);
    } else if (exit !== undefined) tell(describeExit(exit));
  } finally {
    await runner.stop();
    await printing;
  }
  return signal.aborted ? ExitCode.Interrupted : ExitCode.Done;
}

async function start(
  runner: ConnectorRunner,
  { stderr, signal, quiet }: { stderr: Output; signal: AbortSignal; quiet: boolean },
): Promise<void> {
  using progress = new BuildProgressLine(quiet ? undefined : stderr);
  try {
    await runner.start({ signal, onProgress: (state) => progress.update(state) });
  } catch (error) {
    if (error instanceof ConnectorBuildError) {
      stderr.line((error.firstError || error.outputTail.join("\n")).trimEnd());
    }
    throw error;
  }
}

/** Shows what the connector prints, no faster than it can be shown. */
async function print(
  runner: ConnectorRunner,
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<void> {
  const logs = runner.logs();
  for await (const line of logs) {
    stdout.line(logText(line, stdout.style));
    await stdout.flush();
  }
  if (logs.dropped > 0) {
    stderr.line(`${plural(logs.dropped, "line")} came too fast to be shown`);
  }
}
