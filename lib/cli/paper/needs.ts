/**
 * The permissions that a paper exchange needs, alone or with connector and strategy.
 *
 * @module
 */

import type { Needs } from "../command.ts";
import { pageNeeds } from "../dashboard/attach.ts";
import { START_WHY, startPermissions } from "../connector/permissions.ts";
import type { PAPER_FLAGS, PaperValues } from "./flags.ts";
import { variableOf } from "./keys.ts";
import { paperPlan, recordingPaths } from "./plan.ts";

/** The permissions of an exchange alone. */
const exchangeNeeds: Needs<typeof PAPER_FLAGS> = {
  when: "always",
  permissions: (flags) => {
    const { port, "api-key": apiKey, secret, "write-config": config } = flags;
    const variables = [variableOf(apiKey), variableOf(secret)].flatMap((name) => name ?? []);
    return [
      { name: "net", host: port === 0 ? "127.0.0.1" : `127.0.0.1:${port}` },
      ...recordings(flags).map((path) => ({ name: "read", path }) as const),
      ...variables.map((variable) => ({ name: "env", variable }) as const),
      ...config === undefined ? [] : [{ name: "write", path: config } as const],
    ];
  },
  why: {
    net: "to be reached by a connector on this machine",
    read: "recordings",
    env: "the variables that --api-key and --secret name",
    write: "--write-config: the connector's configuration",
  },
  set: "paper",
};

/** The permissions of a connector and a strategy on it. */
const chainNeeds: Needs<typeof PAPER_FLAGS> = {
  when: "--connector",
  applies: ({ connector, "project-root": root }) => connector !== undefined || root !== undefined,
  permissions: ({ connector, library, strategy, report, "channel-config": channel }) => [
    ...startPermissions({
      binaries: connector === undefined ? undefined : [connector],
      files: undefined,
      library,
    }),
    ...channel === undefined ? [] : [{ name: "read", path: channel } as const],
    ...strategy === undefined ? [] : [{ name: "read", path: strategy } as const],
    ...report === undefined ? [] : [{ name: "write", path: report } as const],
  ],
  why: { ...START_WHY, write: "a private directory for the connector, and --report" },
  set: "paper",
};

/** Those of the exchange, the connector and the strategy. */
export const exchangeChainNeeds: readonly Needs<typeof PAPER_FLAGS>[] = [exchangeNeeds, chainNeeds];

/** All of them. */
export const paperNeeds: readonly Needs<typeof PAPER_FLAGS>[] = [
  ...exchangeChainNeeds,
  { ...pageNeeds, set: "paper" },
];

/** Of the help text, which asks without flags, there is no market. */
function recordings(flags: PaperValues): string[] {
  const hasMarket = flags.stub || flags.data.length + flags.replay.length > 0;
  return hasMarket ? recordingPaths(paperPlan(flags)) : [];
}
