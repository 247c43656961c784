/**
 * The calls of the permission tests that need an engine, a connector, or a supervisor.
 *
 * @module
 */

import { simConnectorPath } from "../support/native_ready.ts";
import { uniqueConnectorName } from "../support/sim_connector.ts";
import type { TempDirectory } from "../support/temp_directory.ts";
import type { Call } from "./permission_calls.ts";
import { STUB } from "./permission_scene.ts";

/** hftbacktest's connector, if there is one. */
const CONNECTOR = Deno.env.get("HFTBACKTEST_CONNECTOR") ?? "";

const NEEDS_CONNECTOR: Pick<Call, "cannotRun"> = {
  cannotRun: CONNECTOR === "" ? "HFTBACKTEST_CONNECTOR names no program" : undefined,
};

/** A call that runs for ever once it is ready, on a connector of its own. */
function connectorRun(directory: TempDirectory, ...more: string[]): Omit<Call, "title"> {
  return {
    line: [
      ...["connector", "run", uniqueConnectorName(), "binancefutures", directory.file("sim.toml")],
      ...["--any-config", "--binary", simConnectorPath(), ...more],
    ],
    code: 130,
    until: /ready \(attached\)/,
    stream: "stderr",
  };
}

/**
 * The calls.
 *
 * @param directory Where their files are.
 * @param name A connector that runs, under a supervisor of this directory.
 */
export function liveCalls(directory: TempDirectory, name: string): Call[] {
  const strategy = ["--strategy", directory.file("idle.ts")];
  const market = ["--live", "--instrument", `${name}:btcusdt:0.1:0.001`, "--duration", "0.5"];
  const page = ["--dashboard", "0", "--supervisor"];
  const program = ["--connector", CONNECTOR || simConnectorPath(), "--stub", "--duration", "1"];
  return [
    { title: "watch --live", line: ["watch", ...market, "--json"] },
    { title: "watch --supervisor", line: ["watch", ...STUB, ...page] },
    {
      title: "record --live",
      line: ["record", "--output", directory.file("live"), ...market, "--json"],
    },
    { title: "trade --live", line: ["trade", ...strategy, ...market, "--settle", "0", "--json"] },
    { title: "trade --supervisor", line: ["trade", ...strategy, ...STUB, ...page] },
    {
      title: "trade --paper",
      line: ["trade", "--paper", ...strategy, ...program, "--json"],
      ...NEEDS_CONNECTOR,
    },
    { title: "paper --connector", line: ["paper", ...program, "--json"], ...NEEDS_CONNECTOR },
    { title: "dashboard --live", line: ["dashboard", "--port", "0", ...market] },
    {
      title: "dashboard --supervisor",
      line: ["dashboard", "--port", "0", "--supervisor", "--duration", "0.5"],
    },
    { title: "connector run", ...connectorRun(directory) },
    { title: "connector run --dashboard", ...connectorRun(directory, "--dashboard", "0") },
    { title: "connector status", line: ["connector", "status"] },
    { title: "connector logs", line: ["connector", "logs", name, "-n", "3"] },
    { title: "connector restart", line: ["connector", "restart", name] },
    { title: "connector stop", line: ["connector", "stop", name] },
  ];
}

/** The calls that are a supervisor themselves. */
export function supervisorCalls(directory: TempDirectory): Call[] {
  const up = ["connector", "up", "--file", directory.file("sims.toml")];
  const runs: Pick<Call, "code" | "until" | "asksLater"> = {
    code: 130,
    until: / ready: /,
    asksLater: true,
  };
  return [
    { title: "connector up", line: up, ...runs },
    { title: "connector up --dashboard", line: [...up, "--dashboard", "0"], ...runs },
    { title: "connector up --detach", line: [...up, "--detach"] },
  ];
}
