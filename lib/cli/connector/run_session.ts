/**
 * One connector in the foreground, from its start to its end.
 *
 * @module
 */

import { validateConfigFile } from "../../connector/config/validate.ts";
import { ConnectorBuildError, ConnectorStartupError } from "../../connector/errors.ts";
import { exchangeAbsence } from "../../connector/exchange_absence.ts";
import { describeExit } from "../../connector/exit.ts";
import type { LogLine } from "../../connector/logs/log_line.ts";
import type { Readiness, ReadinessOptions } from "../../connector/readiness.ts";
import type { ConnectorRunnerOptions } from "../../connector/runner_options.ts";
import { toLogLine } from "../../connector/supervisor/control_wire.ts";
import { aborted } from "../aborted.ts";
import { dashboardFor, type PageValues } from "../dashboard/attach.ts";
import { CommandError, ExitCode } from "../exit.ts";
import { plural } from "../../format.ts";
import { describeChannelSizes } from "../../model/channel_sizes.ts";
import type { Output } from "../output.ts";
import { warn } from "../warnings.ts";
import { BuildProgressLine } from "./build_progress.ts";
import { ForegroundConnector } from "./foreground_connector.ts";
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
  /** Whether its output is shown as JSON, as `connector logs` does. */
  readonly json: boolean;
  /** The page that is asked for. */
  readonly page: PageValues;
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
  const { runner: options, ready, quiet, json, page } = plan;
  const { connectorName: name, connectorType, configPath, validateConfig } = options;
  const { style } = stderr;
  const tell = (text: string): void => {
    if (!quiet) stderr.line(`${style.bold(name)} ${text}`);
  };
  const network = validateConfig === false
    ? undefined
    : (await validateConfigFile(connectorType, configPath)).network;
  if (network !== undefined) tell(`starting on network ${networkText(network, style)}`);
  const connector = new ForegroundConnector({
    runner: options,
    ready: { ...ready, signal },
    network,
  });
  connector.runner.addEventListener("warning", ({ detail }) => {
    warn([detail], { stderr, quiet });
  });
  const startPage = await dashboardFor(page, { mode: "connector", stderr, connectors: connector });
  await using _page = startPage?.();
  const printing = print(connector, {
    ...{ stdout, stderr },
    format: json
      ? (line) => JSON.stringify(toLogLine(name, line))
      : (line) => logText(line, stdout.style),
  });
  try {
    const { ready: isReady, level, reached, reason, elapsedMs } = await start(connector, {
      ...{ stderr, signal, quiet },
    });
    if (!isReady) {
      throw new CommandError(
        `Connector ${name} is not ${level}, only ${reached}: ${reason ?? "no reason is known"}`,
      );
    }
    const { sizes, configPath } = connector.runner.channel ?? {};
    if (sizes !== undefined && configPath !== undefined) {
      tell(`has a channel of ${describeChannelSizes(sizes)}, as ${configPath} says`);
    }
    tell(style.green(`ready (${level}) after ${(elapsedMs / 1_000).toFixed(1)} s`));
    const exit = await Promise.race([connector.ended, aborted(signal)]);
    if (exit === undefined || signal.aborted) {
      await connector[Symbol.asyncDispose]();
      tell("stopped");
    } else if (exit.reason === "crashed") {
      const absence = exchangeAbsence(connector.runner.output);
      const why = absence === undefined ? "" : `: ${absence}`;
      throw new CommandError(`Connector ${name} ${describeExit(exit)}${why}`);
    } else tell(describeExit(exit));
  } catch (error) {
    // On a terminal, Ctrl+C ends the connector as well, maybe before it is ready.
    const isInterrupted = error instanceof ConnectorStartupError && error.signal === "SIGINT";
    if (!signal.aborted && !isInterrupted) throw error;
    return ExitCode.Interrupted;
  } finally {
    await connector[Symbol.asyncDispose]();
    await printing;
  }
  return signal.aborted ? ExitCode.Interrupted : ExitCode.Done;
}

async function start(
  connector: ForegroundConnector,
  { stderr, signal, quiet }: { stderr: Output; signal: AbortSignal; quiet: boolean },
): Promise<Readiness> {
  using progress = new BuildProgressLine(quiet ? undefined : stderr);
  try {
    return await connector.start({ signal, onProgress: (state) => progress.update(state) });
  } catch (error) {
    if (error instanceof ConnectorBuildError) {
      stderr.line((error.firstError || error.outputTail.join("\n")).trimEnd());
    }
    throw error;
  }
}

/** Shows what the connector prints, no faster than it can be shown. */
async function print(
  connector: ForegroundConnector,
  { stdout, stderr, format }: {
    stdout: Output;
    stderr: Output;
    format: (line: LogLine) => string;
  },
): Promise<void> {
  const tail = connector.output.tail();
  for await (const line of tail) {
    stdout.line(format(line));
    await stdout.flush();
  }
  const dropped = tail.dropped + connector.droppedLines;
  if (dropped > 0) stderr.line(`${plural(dropped, "line")} came too fast to be shown`);
}
