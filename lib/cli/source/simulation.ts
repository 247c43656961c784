/**
 * How own orders fare in a simulated market.
 *
 * @module
 */

import type { QueueModelOptions } from "../../matching/queue_model.ts";
import type { ReplayOrderLatency } from "../../replay/options.ts";
import { UsageError } from "../exit.ts";
import type { FlagValues } from "../flags.ts";
import { latencyModel } from "./order_latency.ts";
import { refuse } from "./refuse.ts";
import type { SourceMode } from "./source.ts";

/** The flags that tell how own orders fare. */
export const SIMULATION_FLAGS = {
  "maker-fee": {
    kind: "number",
    placeholder: "SHARE",
    min: -1,
    max: 1,
    default: 0.0002,
    description: "Fee of executions that provide liquidity, as a share; negative for a rebate",
  },
  "taker-fee": {
    kind: "number",
    placeholder: "SHARE",
    min: -1,
    max: 1,
    default: 0.0005,
    description: "Fee of executions that take liquidity, as a share",
  },
  "order-latency": {
    kind: "text",
    placeholder: "MS|feed|FILE.csv",
    description: "Round trip of a request in ms, that of the feed, or measured; not with --live",
  },
  "queue-model": {
    kind: "choice",
    words: ["riskAverse", "logProb", "powerProb", "none"],
    placeholder: "MODEL",
    description:
      "How orders move up their queue: riskAverse, logProb, powerProb, none; --replay only",
  },
  "queue-power": {
    kind: "number",
    placeholder: "N",
    min: 0,
    max: 100,
    description: "Power of --queue-model powerProb",
  },
} as const;

/** The values of {@linkcode SIMULATION_FLAGS}. */
export type SimulationValues = FlagValues<typeof SIMULATION_FLAGS>;

/** How own orders fare. */
export interface Simulation {
  /** Fee of executions as maker, as a share of their value. */
  readonly makerFee: number;
  /** Fee of executions as taker, as a share of their value. */
  readonly takerFee: number;
  /** How long requests travel; undefined for the market's own default. */
  readonly orderLatency: ReplayOrderLatency | { readonly file: string } | undefined;
  /** How orders move forward in their queue; undefined for the market's own default. */
  readonly queueModel: QueueModelOptions | undefined;
}

/**
 * What the flags say of own orders.
 *
 * @param flags The values of {@linkcode SIMULATION_FLAGS}.
 * @param mode Where the market comes from.
 * @returns How own orders fare; no file is read yet.
 * @throws {UsageError} If a flag means nothing there.
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function simulationOf(flags: SimulationValues, mode: SourceMode): Simulation {
  if (mode === "live") refuse(flags, ["order-latency"], "--stub or --replay");
  if (mode !== "replay") refuse(flags, ["queue-model", "queue-power"], "--replay");
  const { "maker-fee": makerFee, "taker-fee": takerFee } = flags;
  const orderLatency = latencyModel(flags["order-latency"]);
  if (mode === "stub" && orderLatency !== undefined && !("entryNs" in orderLatency)) {
    throw new UsageError("Flag --order-latency feed or FILE.csv needs --replay");
  }
  return { makerFee, takerFee, orderLatency, queueModel: queueModel(flags) };
}

function queueModel(flags: SimulationValues): QueueModelOptions | undefined {
  const { "queue-model": model, "queue-power": n } = flags;
  if (model !== "powerProb") {
    refuse(flags, ["queue-power"], "--queue-model powerProb");
    return model === undefined ? undefined : { model };
  }
  if (n === undefined) {
    throw new UsageError("Missing flag: --queue-model powerProb needs --queue-power");
  }
  return { model, n };
}
