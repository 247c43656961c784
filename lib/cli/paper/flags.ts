/**
 * The flags of `paper`.
 *
 * @module
 */

import type { FlagGroup } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import { PAGE_FLAGS } from "../dashboard/attach.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { REPLAY_FLAGS, STUB_FLAGS } from "../source/flags.ts";

/** What the exchange shows. */
const MARKET_FLAGS = {
  stub: { kind: "switch", description: "Serve a random market made here" },
  data: {
    kind: "text",
    placeholder: "[SYMBOL=]FILE",
    repeatable: true,
    description: "Serve a recorded market: hftbacktest's npz, or the collector's gz",
  },
  replay: {
    kind: "text",
    placeholder: "[SYMBOL=]FILE",
    repeatable: true,
    description: "The same as --data",
  },
  symbol: {
    kind: "text",
    alias: "s",
    placeholder: "SYMBOL",
    repeatable: true,
    description:
      "Symbol to serve, in lower case (default: btcusdt; of a recording that names them, all)",
  },
  "tick-size": {
    kind: "number",
    placeholder: "PRICE",
    positive: true,
    description: "Smallest price step (default: 0.1; of a recording, the one its prices have)",
  },
  "lot-size": {
    kind: "number",
    placeholder: "QTY",
    positive: true,
    description:
      "Smallest quantity step (default: 0.001; of a recording, the one its quantities have)",
  },
  speed: {
    kind: "number",
    placeholder: "FACTOR",
    positive: true,
    max: 1_000,
    default: 1,
    description: "Pace of a recording, as a multiple of real time",
  },
} as const;

/** What more there is to say about a market. */
const MORE_MARKET_FLAGS: Pick<typeof STUB_FLAGS, "seed"> & Omit<typeof REPLAY_FLAGS, "replay"> = {
  seed: STUB_FLAGS.seed,
  start: REPLAY_FLAGS.start,
  end: REPLAY_FLAGS.end,
  "skip-damaged": REPLAY_FLAGS["skip-damaged"],
};

const EXCHANGE_FLAGS = {
  type: {
    kind: "choice",
    words: ["binancefutures", "binancespot"],
    default: "binancefutures",
    description: "The exchange that it stands for, as the connector names it",
  },
  port: {
    kind: "number",
    placeholder: "N",
    min: 0,
    max: 65_535,
    integer: true,
    default: 0,
    description: "Port on 127.0.0.1; 0 for one that is free",
  },
  balance: {
    kind: "number",
    placeholder: "USDT",
    min: 0,
    max: 1e12,
    default: 100_000,
    description: "Money in the wallet at the start",
  },
  holding: {
    kind: "text",
    placeholder: "ASSET=QTY",
    repeatable: true,
    description: "What else is in the wallet, such as BTC=1; --type binancespot only",
  },
  "maker-fee": {
    kind: "number",
    placeholder: "SHARE",
    min: -1,
    max: 1,
    default: 0.0002,
    description: "Fee of an execution that provided liquidity, as a share of its value",
  },
  "taker-fee": {
    kind: "number",
    placeholder: "SHARE",
    min: -1,
    max: 1,
    default: 0.0005,
    description: "Fee of an execution that took liquidity, as a share of its value",
  },
  leverage: {
    kind: "number",
    placeholder: "N",
    min: 1,
    max: 125,
    integer: true,
    description:
      "Value of positions and orders that a unit of margin carries; futures only (default: 20)",
  },
  "queue-model": {
    kind: "choice",
    words: ["riskAverse", "logProb", "powerProb", "none"],
    placeholder: "MODEL",
    description:
      "How orders move up their queue: riskAverse, logProb, powerProb, none (default: riskAverse)",
  },
  "queue-power": {
    kind: "number",
    placeholder: "N",
    min: 0,
    max: 100,
    description: "Power of --queue-model powerProb",
  },
  "rate-limits": {
    kind: "choice",
    words: ["binance", "none"],
    default: "binance",
    description: "Whether orders and requests are limited as at Binance, or not at all",
  },
  quirks: {
    kind: "choice",
    words: ["refuse", "accept"],
    default: "refuse",
    description: "What becomes of requests that the connector makes and Binance refuses",
  },
  "api-key": {
    kind: "text",
    placeholder: "KEY",
    description:
      "API key to accept, or env:NAME for a variable that holds it (default: a random one)",
  },
  secret: {
    kind: "text",
    placeholder: "SECRET",
    description:
      "Secret of their signatures, likewise; of the spot market an Ed25519 key in PEM form",
  },
  "write-config": {
    kind: "text",
    placeholder: "FILE",
    description: "Write the connector's TOML file, for its owner only; never over another",
  },
} as const;

const CHAIN_FLAGS = {
  connector: {
    kind: "text",
    placeholder: "PROGRAM",
    description: "Start hftbacktest's connector on the exchange: this program",
  },
  "project-root": {
    kind: "text",
    placeholder: "DIRECTORY",
    description: "The same, from hftbacktest's source, built if it is missing",
  },
  name: {
    kind: "text",
    placeholder: "NAME",
    description: "What bots find the connector under (default: a name that no other has)",
  },
  strategy: {
    kind: "text",
    placeholder: "FILE",
    description: "Trade with this strategy through the connector",
  },
  set: {
    kind: "text",
    placeholder: "NAME=VALUE",
    repeatable: true,
    description: "A parameter of the strategy",
  },
  report: {
    kind: "text",
    placeholder: "FILE.html",
    description: "Write a page with charts of price, fills, position, equity and latencies",
  },
  idle: {
    kind: "choice",
    words: ["busySpin", "yielding", "backoff"],
    default: "backoff",
    description: "What the bot does while nothing comes, from lowest latency to least CPU",
  },
  "connector-log": {
    kind: "switch",
    description: "Show the connector's output on stderr",
  },
  timeout: {
    kind: "number",
    placeholder: "SECONDS",
    positive: true,
    max: 2_147_483,
    default: 30,
    description: "How long the connector may take to deliver market data",
  },
  library: {
    kind: "text",
    placeholder: "FILE",
    description: "The native library, instead of the one that would be found",
  },
  "channel-config": {
    kind: "text",
    placeholder: "FILE",
    description: "Sizes of the connector's channel, a TOML file",
  },
} as const;

const RUN_FLAGS = {
  duration: {
    kind: "number",
    alias: "d",
    placeholder: "SECONDS",
    positive: true,
    max: 2_147_483,
    description: "Time to run; until Ctrl+C, or the end of the recording, when left out",
  },
} as const;

/** The flags of `paper`. */
export const PAPER_FLAGS:
  & typeof MARKET_FLAGS
  & typeof MORE_MARKET_FLAGS
  & typeof EXCHANGE_FLAGS
  & typeof CHAIN_FLAGS
  & typeof RUN_FLAGS
  & typeof PAGE_FLAGS
  & typeof JSON_FLAG = {
    ...MARKET_FLAGS,
    ...MORE_MARKET_FLAGS,
    ...EXCHANGE_FLAGS,
    ...CHAIN_FLAGS,
    ...RUN_FLAGS,
    ...PAGE_FLAGS,
    ...JSON_FLAG,
  };

/** The same in groups. */
export const PAPER_GROUPS: readonly FlagGroup[] = [
  { title: "MARKET FLAGS", flags: Object.keys({ ...MARKET_FLAGS, ...MORE_MARKET_FLAGS }) },
  { title: "EXCHANGE FLAGS", flags: Object.keys(EXCHANGE_FLAGS) },
  { title: "CONNECTOR AND STRATEGY FLAGS", flags: Object.keys(CHAIN_FLAGS) },
  { title: "RUN FLAGS", flags: Object.keys({ ...RUN_FLAGS, ...PAGE_FLAGS, ...JSON_FLAG }) },
];

/** The values of {@linkcode PAPER_FLAGS}. */
export type PaperValues = FlagValues<typeof PAPER_FLAGS>;
