/**
 * What the flags of `paper` ask for.
 *
 * @module
 */

import { checkSymbol } from "../../connector/config/symbol.ts";
import type { QueueModelOptions } from "../../matching/queue_model.ts";
import type { PaperVenue } from "../../exchange/options.ts";
import type { IdleStrategyName } from "../../client/idle.ts";
import { InvalidInputError } from "../../model/errors.ts";
import { checkPage, type PageValues } from "../dashboard/attach.ts";
import { UsageError } from "../exit.ts";
import { stubInstruments } from "../instruments.ts";
import { refuse } from "../source/refuse.ts";
import { type ReplaySource, replaySource } from "../source/replay.ts";
import { simulationOf } from "../source/simulation.ts";
import type { StubSource } from "../source/source.ts";
import { numberOf } from "../flags.ts";
import type { PaperValues } from "./flags.ts";
import type { UnknownSteps } from "./recorded_instruments.ts";

/** Connector name of the market's own instruments; bots know them under the connector's. */
const MARKET = "paper";

/** Stands for a step that is not known before the recording is opened. */
const UNKNOWN_STEP = 1;

/** The market that the exchange shows. */
export type PaperMarketSource = StubSource | ReplaySource;

/** How the exchange is set up, apart from its market and its keys. */
export interface PaperSettings {
  /** The exchange that it stands for. */
  readonly venue: PaperVenue;
  /** Port on 127.0.0.1; 0 for one that is free. */
  readonly port: number;
  /** Money in the wallet at the start, USDT. */
  readonly balance: number;
  /** What else is in the wallet, by asset. */
  readonly holdings: Readonly<Record<string, number>>;
  /** Value of positions and orders that a unit of margin carries; undefined for the default. */
  readonly leverage: number | undefined;
  /** Fee of an execution that provided liquidity, as a share of its value. */
  readonly makerFee: number;
  /** Fee of an execution that took liquidity, as a share of its value. */
  readonly takerFee: number;
  /** How resting orders move forward in their queue. */
  readonly queueModel: QueueModelOptions | undefined;
  /** Whether orders and requests are limited. */
  readonly isLimited: boolean;
  /** Whether requests that the connector makes and Binance refuses are accepted. */
  readonly acceptsQuirks: boolean;
}

/** The connector to start on the exchange, and what to trade with. */
export interface PaperChainPlan {
  /** Its program; undefined for the project's. */
  readonly binaryPath: string | undefined;
  /** Directory of hftbacktest's source; undefined for none. */
  readonly projectRoot: string | undefined;
  /** Its name; undefined for one that no other has. */
  readonly name: string | undefined;
  /** File of the strategy; undefined to trade nothing. */
  readonly strategy: string | undefined;
  /** Parameters of the strategy, as NAME=VALUE. */
  readonly settings: readonly string[];
  /** File for a page with the strategy's charts; undefined for none. */
  readonly reportPath: string | undefined;
  /** What the bot does while nothing comes. */
  readonly idle: IdleStrategyName;
  /** Whether the connector's output is shown. */
  readonly showLog: boolean;
  /** How long it may take to deliver market data, ms. */
  readonly readyTimeoutMs: number;
  /** The native library; undefined to look for it. */
  readonly libraryPath: string | undefined;
  /** The file with the sizes of the connector's channel; undefined for that of the environment. */
  readonly channelConfig: string | undefined;
}

/** What the flags ask for. */
export interface PaperPlan {
  /** The market; of a recording, with steps that may not be the right ones. */
  readonly market: PaperMarketSource;
  /** Which of its steps are to be found in the recording. */
  readonly unknownSteps: UnknownSteps;
  /** How the exchange is set up. */
  readonly settings: PaperSettings;
  /** Keys to accept, as the flags tell them; undefined for random ones. */
  readonly keys: { readonly apiKey: string | undefined; readonly secret: string | undefined };
  /** File to write the connector's configuration to. */
  readonly configPath: string | undefined;
  /** The connector and the strategy; undefined for the exchange alone. */
  readonly chain: PaperChainPlan | undefined;
  /** Time to run, in seconds; undefined for no limit. */
  readonly durationS: number | undefined;
  /** The page that is asked for. */
  readonly page: PageValues;
  /** Whether stdout gets one JSON object and nothing else. */
  readonly json: boolean;
  /** Whether only results are shown. */
  readonly quiet: boolean;
}

/**
 * What the flags ask for.
 *
 * @param flags The flags.
 * @returns The plan; nothing is opened or read yet.
 * @throws {UsageError} If flags are missing or do not go together.
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function paperPlan(flags: PaperValues & { readonly quiet?: boolean }): PaperPlan {
  checkPage(flags);
  const { unknownSteps, market } = marketPlan(flags);
  return {
    market,
    unknownSteps,
    settings: {
      venue: venueOf(flags),
      port: flags.port,
      balance: flags.balance,
      holdings: holdingsOf(flags.holding),
      leverage: flags.leverage,
      makerFee: flags["maker-fee"],
      takerFee: flags["taker-fee"],
      queueModel: simulationOf({ ...flags, "order-latency": undefined }, "replay").queueModel,
      isLimited: flags["rate-limits"] === "binance",
      acceptsQuirks: flags.quirks === "accept",
    },
    keys: { apiKey: flags["api-key"], secret: flags.secret },
    configPath: flags["write-config"],
    chain: chainPlan(flags),
    durationS: flags.duration,
    page: flags,
    json: flags.json,
    quiet: flags.quiet ?? false,
  };
}

function venueOf(flags: PaperValues): PaperVenue {
  if (flags.type === "binancespot") refuse(flags, ["leverage"], "--type binancefutures");
  else refuse(flags, ["holding"], "--type binancespot");
  return flags.type;
}

function holdingsOf(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(texts.map((text) => {
    const [, asset, amount] = /^([A-Za-z0-9]+)=(.+)$/.exec(text) ?? [];
    const qty = numberOf(amount ?? "");
    if (asset === undefined || qty === undefined || qty < 0) {
      throw new InvalidInputError("--holding", text, "ASSET=QTY, such as BTC=1");
    }
    return [asset.toUpperCase(), qty];
  }));
}

/** The recordings' paths, for the permissions to read them. */
export function recordingPaths({ market }: PaperPlan): string[] {
  return market.mode === "replay" ? market.files.map(({ path }) => path) : [];
}

function marketPlan(flags: PaperValues): Pick<PaperPlan, "market" | "unknownSteps"> {
  const recordings = [...flags.replay, ...flags.data];
  const isReplay = recordings.length > 0;
  if (flags.stub && isReplay) {
    throw new UsageError(
      `Flags --stub and --${flags.data.length > 0 ? "data" : "replay"} exclude each other`,
    );
  }
  if (!flags.stub && !isReplay) {
    throw new UsageError(
      "Nothing to serve: give --stub for a random market, or --data FILE for a recording",
    );
  }
  for (const symbol of flags.symbol) {
    inFlag("--symbol", () => checkSymbol(flags.type, symbol));
  }
  const values = { ...flags, replay: recordings, connector: MARKET, instrument: [] };
  if (!isReplay) {
    refuse(flags, ["start", "end", "skip-damaged"], "--data");
    if (flags.speed !== 1) throw new UsageError("Flag --speed needs --data: --stub knows only 1");
    const seed = flags.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
    const market = { mode: "stub", instruments: stubInstruments(values), seed, speed: 1 } as const;
    return { market, unknownSteps: { tickSize: false, lotSize: false } };
  }
  refuse(flags, ["seed"], "--stub");
  const { "tick-size": tickSize, "lot-size": lotSize } = flags;
  const market = replaySource({
    ...values,
    "tick-size": tickSize ?? UNKNOWN_STEP,
    "lot-size": lotSize ?? UNKNOWN_STEP,
    speed: undefined,
  }, { speed: flags.speed });
  const unknownSteps = { tickSize: tickSize === undefined, lotSize: lotSize === undefined };
  return { market, unknownSteps };
}

function chainPlan(flags: PaperValues): PaperChainPlan | undefined {
  const { connector: binaryPath, "project-root": projectRoot, strategy } = flags;
  if (binaryPath === undefined && projectRoot === undefined) {
    refuse(
      flags,
      [
        "strategy",
        "set",
        "report",
        "name",
        "connector-log",
        "library",
        "channel-config",
        "control",
      ],
      "--connector PROGRAM or --project-root DIRECTORY",
    );
    return undefined;
  }
  if (strategy === undefined) refuse(flags, ["set", "report"], "--strategy");
  return {
    binaryPath,
    projectRoot,
    name: flags.name,
    strategy,
    settings: flags.set,
    reportPath: flags.report,
    idle: flags.idle,
    showLog: flags["connector-log"],
    readyTimeoutMs: flags.timeout * 1_000,
    libraryPath: flags.library,
    channelConfig: flags["channel-config"],
  };
}

/** Lets a check speak of the flag that it was given for. */
function inFlag(flag: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new UsageError(error.message.replace(error.field, flag));
  }
}
