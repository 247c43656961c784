/**
 * `cli.ts connector run`: runs one connector in the foreground.
 *
 * @module
 */

import { channelEnvironment } from "../../connector/channel/channel_config.ts";
import { checkSymbol } from "../../connector/config/symbol.ts";
import { CONNECTOR_TYPES } from "../../connector/config/types.ts";
import { READINESS_LEVELS } from "../../connector/readiness.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { START_VARIABLES } from "../environment.ts";
import { connectorType, requireArguments } from "../connector/arguments.ts";
import { START_WHY, startPermissions } from "../connector/permissions.ts";
import { runConnector } from "../connector/run_session.ts";
import { checkPage, PAGE_FLAGS, pageNeeds } from "../dashboard/attach.ts";
import { JSON_LINES_FLAG } from "../json_flag.ts";
import { type ExitCode, UsageError } from "../exit.ts";

const NAME = "connector run";
const ARGUMENTS = ["NAME", "TYPE", "CONFIG"];
const ORDER = "; the order is NAME TYPE CONFIG, and symbols are asked for by bots";

/** The connector run command. */
export const connectorRun: AnyDeclaration = defineCommand({
  usage: [
    "NAME TYPE CONFIG [--binary FILE | --project-root DIRECTORY] " +
    "[--symbol SYMBOL --tick-size PRICE --lot-size QTY] [--level LEVEL] [--json]",
  ],
  details: [
    "Builds the connector's program if it is missing. NAME is what bots find it under, TYPE is " +
    "binancefutures, binancespot or bybit, CONFIG its TOML file. The connector ends with this command, however that ends.",
    "The levels that are proven, each after the one before: alive (its process runs), attached " +
    "(it publishes on its channel), registered (it answers for the symbol), fresh (market data " +
    "of the symbol comes). The last two register the symbol: with an API key, the connector " +
    "then cancels all open orders of that symbol.",
    "Its output goes to stdout, without secrets; everything else to stderr. With --dashboard a " +
    "page shows both; with --control it can stop and restart the connector. With --json each line " +
    "of its output is an object, as connector logs --json prints it.",
  ],
  flags: {
    binary: {
      kind: "text",
      placeholder: "FILE",
      description: "The connector's program, instead of the one of hftbacktest's source",
    },
    "project-root": {
      kind: "text",
      placeholder: "DIRECTORY",
      description: "hftbacktest's source, instead of looking for it",
    },
    feature: {
      kind: "text",
      placeholder: "NAME",
      repeatable: true,
      description: "Cargo feature to build with, instead of TYPE",
    },
    "no-build": { kind: "switch", description: "Fail if the program is missing" },
    "any-config": {
      kind: "switch",
      description: "Hand CONFIG over unchecked, for a connector of your own",
    },
    level: {
      kind: "choice",
      words: READINESS_LEVELS,
      placeholder: "LEVEL",
      description: "What has to be proven, as above (default: fresh with --symbol, else attached)",
    },
    symbol: {
      kind: "text",
      alias: "s",
      placeholder: "SYMBOL",
      description: "Symbol to prove registered and fresh with",
    },
    "tick-size": {
      kind: "number",
      placeholder: "PRICE",
      positive: true,
      description: "The symbol's smallest price step",
    },
    "lot-size": {
      kind: "number",
      placeholder: "QTY",
      positive: true,
      description: "The symbol's smallest quantity step",
    },
    timeout: {
      kind: "number",
      placeholder: "SECONDS",
      positive: true,
      max: 2_147_483,
      default: 30,
      description: "How long it may take to be ready",
    },
    "stop-timeout": {
      kind: "number",
      placeholder: "SECONDS",
      positive: true,
      max: 2_147_483,
      default: 10,
      description: "How long it may take to end before it is killed",
    },
    "channel-config": {
      kind: "text",
      placeholder: "FILE",
      description: "Sizes of its channel, a TOML file with buffer_size and max_bots",
    },
    library: {
      kind: "text",
      placeholder: "FILE",
      description: "The native library, instead of the one that would be found",
    },
    ...JSON_LINES_FLAG,
    ...PAGE_FLAGS,
  },
  args: [{ name: "NAME" }, { name: "TYPE", words: CONNECTOR_TYPES }, { name: "CONFIG" }],
  validate: (flags, args) => {
    requireArguments(NAME, ARGUMENTS, args);
    const type = connectorType(args[1] ?? "", ORDER);
    checkPage(flags);
    const { level, symbol, "tick-size": tick, "lot-size": lot } = flags;
    if (symbol !== undefined) checkSymbol(type, symbol);
    const missing = Object.entries({ symbol, "tick-size": tick, "lot-size": lot })
      .flatMap(([name, value]) => value === undefined ? [`--${name}`] : []);
    const needed = level === "registered" || level === "fresh"
      ? `--level ${level}`
      : missing.length < 3
      ? "what is proven with a symbol"
      : undefined;
    if (needed === undefined || missing.length === 0) return;
    const noun = missing.length === 1 ? "flag" : "flags";
    throw new UsageError(`Missing ${noun}: ${needed} needs ${missing.join(", ")}`);
  },
  needs: [
    {
      when: "always",
      permissions: ({ binary, library, "channel-config": channel = [] }, [, , config]) =>
        startPermissions({
          binaries: binary === undefined ? undefined : [binary],
          files: binary === undefined || config === undefined
            ? undefined
            : [binary, config].concat(channel),
          library,
        }),
      why: START_WHY,
      set: "connector",
    },
    { ...pageNeeds, set: "connector" },
  ],
  options: { connectorName: "NAME", buildFeatures: "--feature" },
  exitCodes: {
    0: "The connector has ended without an error",
    1: "It was not ready in time, or it crashed",
  },
  files: [
    [
      "$XDG_RUNTIME_DIR/hftlive/",
      "Sockets, locks and secrets of this user; else TMPDIR/hftlive-UID/",
    ],
  ],
  environment: [...START_VARIABLES, "OTEL_DENO"],
  examples: [
    {
      args: "bf binancefutures bf.toml",
      description: "Run a connector that bots find as bf",
      permissions: "connector",
    },
    {
      args: "bf binancefutures bf.toml --symbol btcusdt --tick-size 0.1 --lot-size 0.001",
      description: "The same, and prove that market data comes",
      permissions: "connector",
    },
  ],
  async run({ flags, ...context }, [name = "", type = "", config = ""]): Promise<ExitCode> {
    const { symbol, "tick-size": tickSize, "lot-size": lotSize } = flags;
    return await runConnector({
      runner: {
        connectorName: name,
        connectorType: connectorType(type),
        configPath: config,
        binaryPath: flags.binary,
        projectRoot: flags["project-root"],
        buildFeatures: flags.feature.length > 0 ? flags.feature : undefined,
        shutdownTimeoutMs: flags["stop-timeout"] * 1_000,
        autoBuild: !flags["no-build"],
        validateConfig: !flags["any-config"],
        env: channelEnvironment(flags["channel-config"]),
        libraryPath: flags.library,
      },
      ready: {
        level: flags.level ?? (symbol === undefined ? "attached" : "fresh"),
        timeoutMs: flags.timeout * 1_000,
        ...symbol === undefined ? {} : { symbol, tickSize, lotSize },
      },
      quiet: flags.quiet,
      json: flags.json,
      page: flags,
    }, context);
  },
});
