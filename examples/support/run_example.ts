/**
 * What the examples share: a bot from the command line, and an end by
 * `--duration` or Ctrl+C.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import {
  HftliveError,
  InvalidInputError,
  type LiveBot,
  NativeBot,
  StubBot,
} from "@hftlive/hftlive";

/** What an example's body is given beside its bot. */
export interface ExampleContext {
  /** Aborts when the duration has passed or the user pressed Ctrl+C. */
  readonly signal: AbortSignal;
}

/**
 * Runs an example's body with a bot made from the command line, and closes the bot after it.
 *
 * @param name Name of the example, for its help.
 * @param body The example.
 */
export async function runExample(
  name: string,
  body: (bot: LiveBot, context: ExampleContext) => Promise<void>,
): Promise<void> {
  try {
    const args = parse(Deno.args);
    if (args.help) {
      console.log(help(name));
      return;
    }
    using stop = stopSignal(args.durationS);
    using bot = openBot(args);
    try {
      await body(bot, { signal: stop.signal });
    } catch (error) {
      if (error !== stop.signal.reason) throw error;
    }
    const lost = bot.instruments.findIndex((_, asset) => !bot.connection(asset).attached);
    if (lost >= 0) {
      throw new HftliveError(`No connector is attached: ${bot.instruments[lost]!.connector}`);
    }
  } catch (error) {
    if (!(error instanceof HftliveError)) throw error;
    console.error(`${name}: ${error.message}`);
    Deno.exitCode = error instanceof InvalidInputError ? 2 : 1;
  }
}

interface ExampleArgs {
  readonly help: boolean;
  readonly live: boolean;
  readonly durationS: number;
  readonly seed: number;
  readonly connector: string;
  readonly symbol: string;
  readonly tickSize: number;
  readonly lotSize: number;
}

function parse(args: string[]): ExampleArgs {
  const flags = parseArgs(args, {
    boolean: ["help", "stub", "live"],
    string: ["duration", "seed", "connector", "symbol", "tick-size", "lot-size"],
    default: {
      "duration": "5",
      "seed": "42",
      "symbol": "btcusdt",
      "tick-size": "0.1",
      "lot-size": "0.001",
    },
    unknown: (arg) => {
      throw new InvalidInputError("argument", arg, "one of the flags that --help lists");
    },
  });
  if (!flags.help && flags.stub === flags.live) {
    throw new InvalidInputError(
      "--stub, --live",
      flags.live ? "both" : "neither",
      "one of the two",
    );
  }
  if (flags.live && !flags.connector) {
    throw new InvalidInputError("--connector", flags.connector, "the name of a running connector");
  }
  return {
    help: flags.help,
    live: flags.live,
    durationS: positive("--duration", flags.duration),
    seed: positive("--seed", flags.seed),
    connector: flags.connector ?? "",
    symbol: flags.symbol,
    tickSize: positive("--tick-size", flags["tick-size"]),
    lotSize: positive("--lot-size", flags["lot-size"]),
  };
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && Number.isFinite(value))) {
    throw new InvalidInputError(flag, text, "a positive number");
  }
  return value;
}

function openBot(args: ExampleArgs): LiveBot {
  const { connector, symbol, tickSize, lotSize } = args;
  return args.live
    ? new NativeBot({ instruments: [{ connector, symbol, tickSize, lotSize }] })
    : new StubBot({
      seed: args.seed,
      clock: "real",
      maxFeeds: Infinity,
      instruments: [{ connector: "stub", symbol, tickSize, lotSize }],
    });
}

function stopSignal(durationS: number): Disposable & { signal: AbortSignal } {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, durationS * 1000);
  Deno.addSignalListener("SIGINT", abort);
  Deno.addSignalListener("SIGTERM", abort);
  return {
    signal: stop.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      Deno.removeSignalListener("SIGINT", abort);
      Deno.removeSignalListener("SIGTERM", abort);
    },
  };
}

function help(name: string): string {
  return `Usage: ${name}.ts --stub | --live --connector NAME

  --stub             trade on the stub's random market
  --live             trade through a running connector
  --connector NAME   name the connector was started with
  --symbol S         symbol as the connector spells it (btcusdt)
  --tick-size T      smallest price step (0.1)
  --lot-size L       smallest quantity step (0.001)
  --duration S       seconds to run (5)
  --seed N           seed of the stub's market (42)`;
}
