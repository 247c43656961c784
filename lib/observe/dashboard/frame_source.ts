/**
 * What frames are made of.
 *
 * @module
 */

import type { ConnectorBoard } from "./connector_board.ts";
import type { ExchangeBoard } from "./exchange_board.ts";
import type { MarketBoard } from "./market_board.ts";
import type { Frame, LogRow } from "./messages.ts";
import type { Part, Tail } from "./parts.ts";

/** What a dashboard tells about. */
export interface Boards {
  /** The client, if there is one. */
  readonly market: MarketBoard | undefined;
  /** The connectors, if there is a supervisor. */
  readonly connectors: ConnectorBoard | undefined;
  /** The paper exchange, if there is one. */
  readonly exchange: ExchangeBoard | undefined;
  /** Lines of connectors, and notices of the client. */
  readonly log: Tail<LogRow>;
}

type Named<T> = readonly (readonly [name: keyof Frame, value: T])[];

/** Finds what the frames of a page are made of, by the names it has in them. */
export class FrameSource {
  readonly #boards: Boards;

  /** @param boards What the dashboard tells about. */
  constructor(boards: Boards) {
    this.#boards = boards;
  }

  /** Whether there is an instrument with this number. */
  has(asset: number): boolean {
    return this.#boards.market?.views[asset] !== undefined;
  }

  /** What replaces what was said before. */
  parts(asset: number): Named<Part<unknown>> {
    const { market, connectors, exchange } = this.#boards;
    const view = market?.views[asset];
    return [
      ...market ? [["overview", market.overview] as const] : [],
      ...connectors ? [["connectors", connectors.part] as const] : [],
      ...exchange ? [["exchange", exchange.part] as const] : [],
      ...view
        ? [["book", view.book], ["latency", view.latency], ["orders", view.orders]] as const
        : [],
    ];
  }

  /** What follows what was said before. */
  tails(asset: number): Named<Tail<unknown>> {
    const { market, log } = this.#boards;
    const view = market?.views[asset];
    return [
      ["log", log],
      ...view
        ? [["samples", view.samples], ["trades", view.trades], ["fills", view.fills]] as const
        : [],
    ];
  }
}
