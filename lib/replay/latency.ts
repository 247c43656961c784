/**
 * How long order requests and their answers travel.
 *
 * @module
 */

import type { NsTime } from "../model/time.ts";
import { LatencyTable } from "./latency_table.ts";
import type { ReplayOrderLatency } from "./options.ts";

/** Tells latencies in one instrument's market. Times are counted from the `TimeBase`. */
export interface OrderLatencyModel {
  /** How long a request sent at a time travels, ns; negative if it is rejected after as long. */
  entryNs(time: number): number;
  /** How long an answer given at a time travels, ns. */
  responseNs(time: number): number;
  /** Counts times from another moment. */
  place(epoch: NsTime): void;
}

/**
 * Makes a latency model.
 *
 * @param options Which, checked.
 * @param feedLatencyNs Tells how long the instrument's last market event took, ns.
 * @returns The model.
 */
export function makeOrderLatency(
  options: ReplayOrderLatency,
  feedLatencyNs: () => number,
): OrderLatencyModel {
  switch (options.model) {
    case "constant": {
      const { entryNs, responseNs } = options;
      return { entryNs: () => entryNs, responseNs: () => responseNs, place: () => {} };
    }
    case "recorded": {
      const { entryFactor = 1, responseFactor = 1 } = options;
      return {
        entryNs: () => Math.round(feedLatencyNs() * entryFactor),
        responseNs: () => Math.round(feedLatencyNs() * responseFactor),
        place: () => {},
      };
    }
    case "interpolated":
      return new LatencyTable(options.rows);
  }
}
