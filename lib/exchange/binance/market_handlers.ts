/**
 * WebSockets for market data.
 *
 * @module
 */

import type { StreamHandler } from "../venue.ts";
import type { StreamConnection } from "../ws/stream_connection.ts";
import { type StreamHub, StreamSubscriber } from "../ws/stream_hub.ts";
import type { BinanceMarketStreams } from "./market_streams.ts";
import { answerStreamRequest } from "./stream_requests.ts";

/** Closing code of RFC 6455 for a client that breaks the rules. */
export const POLICY = 1008;

/** What the handlers work with. */
export interface MarketHandlersOptions {
  /** Who has subscribed to what. */
  readonly hub: StreamHub;
  /** The names of streams. */
  readonly streams: BinanceMarketStreams;
  /** Most requests a second of one connection. */
  readonly requestsPerSecond: number;
  /** Is told that somebody has subscribed. */
  readonly onSubscribed: () => void;
}

/** Market streams, at their addresses. */
export class MarketHandlers {
  /** Connections. */
  readonly connections: Set<StreamConnection> = new Set();
  readonly #options: MarketHandlersOptions;

  /** @param options What they work with. */
  constructor(options: MarketHandlersOptions) {
    this.#options = options;
  }

  /**
   * What a WebSocket is for: `/ws` and `/stream` take requests; those at `/ws/NAME` and
   * `/stream?streams=NAME/NAME` are subscribed from the start. Undefined for any other address.
   */
  at(url: URL): StreamHandler | undefined {
    const { pathname, searchParams } = url;
    if (pathname === "/stream") {
      return this.#handler((searchParams.get("streams") ?? "").split("/"), true);
    }
    if (pathname === "/ws") return this.#handler([], false);
    const name = pathname.startsWith("/ws/") ? pathname.slice(4) : "";
    return name.includes("@") && !name.includes("/") ? this.#handler([name], false) : undefined;
  }

  #handler(names: readonly string[], isCombined: boolean): StreamHandler {
    const { hub, streams, requestsPerSecond, onSubscribed } = this.#options;
    const isStream = (name: string) => streams.isStream(name);
    const limiter = new SecondLimiter(requestsPerSecond);
    let subscriber: StreamSubscriber | undefined;
    return {
      opened: (connection) => {
        this.connections.add(connection);
        subscriber = new StreamSubscriber(connection, isCombined);
        for (const name of names.filter(isStream)) hub.add(subscriber, name);
        if (subscriber.streams.size > 0) onSubscribed();
      },
      message: (connection, text) => {
        if (subscriber === undefined) return;
        if (!limiter.allows(Date.now())) {
          connection.close(POLICY, "too many requests");
          return;
        }
        connection.send(answerStreamRequest(text, subscriber, { hub, isStream }));
        if (subscriber.streams.size > 0) onSubscribed();
      },
      closed: (connection) => {
        this.connections.delete(connection);
        if (subscriber !== undefined) hub.drop(subscriber);
      },
    };
  }
}

/** Allows so many in each second of the clock. */
export class SecondLimiter {
  readonly #limit: number;
  #second = 0;
  #count = 0;

  /** @param limit Most in a second. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether one more is allowed; `now` is ms since the Unix epoch. */
  allows(now: number): boolean {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    return ++this.#count <= this.#limit;
  }
}
