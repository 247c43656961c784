/**
 * What frames are made of.
 *
 * @module
 */

import type { ConnectorBoard } from "./connector_board.ts";
import type { MarketBoard } from "./market_board.ts";
import type { Frame, LogRow } from "./messages.ts";
import type { Part, Tail } from "./parts.ts";

/** Lines of the log that are kept. */
const LOG_LINES = 500;

type Named<T> = readonly (readonly [name: keyof Frame, value: T])[];

/** What frames are made of, by the name it has in them. */
export class FrameSource {
  /** Lines of connectors, and notices of the client. */
  readonly log: Tail<LogRow> = new Tail(LOG_LINES);
  readonly #market: () => MarketBoard | undefined;
  readonly #connectors: () => ConnectorBoard | undefined;

  /**
   * @param market Gives what is kept of the client, if there is one.
   * @param connectors Gives what is kept of connectors, if there is a supervisor.
   */
  constructor(
    market: () => MarketBoard | undefined,
    connectors: () => ConnectorBoard | undefined,
  ) {
    this.#market = market;
    this.#connectors = connectors;
  }

  /** Whether there is an instrument with this number. */
  has(asset: number): boolean {
    return this.#market()?.views[asset] !== undefined;
  }

  /** What replaces what was said before. */
  parts(asset: number): Named<Part<unknown>> {
    const market = this.#market();
    const view = market?.views[asset];
    const connectors = this.#connectors();
    return [
      ...market ? [["overview", market.overview] as const] : [],
      ...connectors ? [["connectors", connectors.part] as const] : [],
      ...view
        ? [
          ["book", view.book] as const,
          ["latency", view.latency] as const,
          ["orders", view.orders] as const,
        ]
        : [],
    ];
  }

  /** What follows what was said before. */
  tails(asset: number): Named<Tail<unknown>> {
    const view = this.#market()?.views[asset];
    return [
      ["log", this.log],
      ...view
        ? [
          ["samples", view.samples] as const,
          ["trades", view.trades] as const,
          ["fills", view.fills] as const,
        ]
        : [],
    ];
  }
}
