/**
 * What a report tells of the source of its market, so that a run can be made again.
 *
 * @module
 */

import type { AnyParams } from "../../strategy/params.ts";
import type { ReplaySource } from "../source/replay.ts";
import type { Simulation } from "../source/simulation.ts";
import type { BotSource } from "../source/source.ts";

const NS_PER_MS = 1e6;

/** What a source was made from, by name. */
export function marketFacts(source: BotSource, simulation: Simulation): AnyParams {
  switch (source.mode) {
    case "live":
      return { depth: source.depth };
    case "stub":
      return { seed: source.seed, ...speedFacts(source.speed), ...orderFacts(simulation) };
    case "replay":
      return { ...recordingFacts(source), ...speedFacts(source.speed), ...orderFacts(simulation) };
  }
}

function speedFacts(speed: number): AnyParams {
  return { speed: speed === Infinity ? "max" : speed };
}

function recordingFacts({ files, startTime, endTime, skipDamaged }: ReplaySource): AnyParams {
  return {
    files: files.map(({ path }) => path).join(", "),
    ...(startTime !== undefined && { start: String(startTime) }),
    ...(endTime !== undefined && { end: String(endTime) }),
    ...(skipDamaged && { skipDamaged }),
  };
}

function orderFacts({ orderLatency, queueModel }: Simulation): AnyParams {
  return {
    ...(orderLatency && { orderLatency: latencyFact(orderLatency) }),
    ...(queueModel && {
      queueModel: queueModel.model === "powerProb" ? `powerProb ${queueModel.n}` : queueModel.model,
    }),
  };
}

function latencyFact(latency: NonNullable<Simulation["orderLatency"]>): string {
  if ("file" in latency) return latency.file;
  if (latency.model !== "constant") return "feed";
  return `${(latency.entryNs + latency.responseNs) / NS_PER_MS} ms`;
}
