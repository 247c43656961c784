/**
 * `cli.ts dashboard`: shows a market and connectors on a page in the browser.
 *
 * @module
 */

import { type Command, defineCommand } from "../command.ts";
import { CONTROL_WHY, controlClient, controlPermissions } from "../connector/control.ts";
import { portPermission } from "../dashboard/attach.ts";
import { DASHBOARD_FLAGS, dashboardSource } from "../dashboard/options.ts";
import { dashboardSession } from "../dashboard/session.ts";
import { instrumentWarnings } from "../instruments.ts";
import { sourceNeeds } from "../source/needs.ts";
import { openBot } from "../source/open_bot.ts";

/** The dashboard command. */
export const dashboard: Command = defineCommand({
  name: "dashboard",
  summary: "Show a market and its connectors on a local page, with metrics",
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
    "The page can do nothing unless --control is given, and then only with the token that is " +
    "printed at the start.",
  ],
  flags: DASHBOARD_FLAGS,
  validate: (flags) => void dashboardSource(flags),
  needs: [
    {
      when: "always",
      permissions: ({ port }) => [portPermission(port)],
      why: { net: "the page, on this machine alone" },
      set: "dashboard",
    },
    ...sourceNeeds.map((needs) => ({ ...needs, set: "dashboard" as const })),
    {
      when: "--supervisor",
      applies: ({ supervisor }) => supervisor,
      permissions: ({ socket }) => controlPermissions(socket),
      why: CONTROL_WHY,
      set: "connector",
    },
  ],
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
      instrumentWarnings(source.instruments).forEach((text) => stderr.line(text));
    }
    return await dashboardSession(source && (() => openBot(source)), {
      mode: source?.mode,
      connectors: flags.supervisor ? controlClient(flags.socket) : undefined,
      port: flags.port,
      control: flags.control,
      durationS: flags.duration,
      feedTimeoutS: flags["feed-timeout"],
      idle: flags.idle,
      quiet: flags.quiet,
      ...{ stdout, stderr, signal },
    });
  },
});
