/**
 * `cli.ts dashboard`: shows a market and connectors on a page in the browser.
 *
 * @module
 */

import { type AnyDeclaration, defineCommand, type FlagGroup } from "../command.ts";
import { BOT_VARIABLES, PLACE_VARIABLES } from "../environment.ts";
import { controlClient } from "../connector/control.ts";
import { portPermission } from "../dashboard/attach.ts";
import { DASHBOARD_FLAGS, dashboardSource } from "../dashboard/options.ts";
import { dashboardSession } from "../dashboard/session.ts";
import { supervisorNeeds } from "../dashboard/supervisor.ts";
import { instrumentWarnings } from "../instruments.ts";
import { warn } from "../warnings.ts";
import { SOURCE_GROUPS } from "../source/flags.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { sourceNeeds } from "../source/needs.ts";
import { botOpener } from "../source/open_bot.ts";

const DASHBOARD_GROUPS: readonly FlagGroup[] = [
  ...SOURCE_GROUPS,
  { title: "PAGE FLAGS", flags: ["port", "control", "supervisor", "socket"] },
  { title: "RUN FLAGS", flags: ["duration", "feed-timeout", "idle", "json"] },
];

/** The dashboard command. */
export const dashboard: AnyDeclaration = defineCommand({
  usage: [
    "--stub|--replay FILE...|--live [--port N] [--supervisor] [--control] [--duration SECONDS]",
    "--supervisor [--socket FILE] [--port N] [--control]",
  ],
  details: [
    "Serves a page on 127.0.0.1 and nowhere else: price, trades, book, own orders, latencies, rates, " +
    "losses and health, and with --supervisor the connectors and what they print. It shows what the " +
    "bot of this very process sees; watch and trade show theirs with --dashboard.",
    "/metrics answers Prometheus; docs/metrics.md lists what there is. With OTEL_DENO=true Deno " +
    "sends the same metrics through OpenTelemetry.",
    "With --json, stdout gets one object with url and metrics at the start.",
    "The page can do nothing unless --control is given, and then only with the token that is " +
    "printed at the start.",
  ],
  flags: { ...DASHBOARD_FLAGS, ...JSON_FLAG },
  groups: DASHBOARD_GROUPS,
  validate: (flags) => void dashboardSource(flags),
  needs: [
    {
      when: "always",
      permissions: ({ port }) => [portPermission(port)],
      why: { net: "the page, on this machine alone" },
      set: "dashboard",
    },
    ...sourceNeeds.map((needs) => ({ ...needs, set: "dashboard" as const })),
    supervisorNeeds,
  ],
  environment: [...BOT_VARIABLES, ...PLACE_VARIABLES, "OTEL_DENO"],
  examples: [
    {
      args: "--stub",
      description: "Show a random market on http://127.0.0.1:8787/",
      permissions: "dashboard",
    },
    {
      args: "--live --connector binancefutures --symbol btcusdt --tick-size 0.1 --lot-size 0.001",
      description: "Show a market of a running connector",
      permissions: "dashboard",
    },
    {
      args: "--supervisor --control",
      description: "Show the connectors, and let the page restart them",
      permissions: "connector",
    },
  ],
  async run({ flags, stdout, stderr, signal }) {
    const source = dashboardSource(flags);
    if (source?.mode === "live") {
      warn(instrumentWarnings(source.instruments), { stderr, quiet: flags.quiet });
    }
    return await dashboardSession(source && await botOpener(source), {
      mode: source?.mode,
      connectors: flags.supervisor ? controlClient(flags.socket) : undefined,
      port: flags.port,
      control: flags.control,
      durationS: flags.duration,
      feedTimeoutS: flags["feed-timeout"],
      idle: flags.idle,
      quiet: flags.quiet,
      json: flags.json,
      ...{ stdout, stderr, signal },
    });
  },
});
