/**
 * The WebSockets of Binance's USD-M futures.
 *
 * @module
 */

import type { ListenKeys } from "../binance/listen_keys.ts";
import { answerStreamRequest } from "../binance/stream_requests.ts";
import type { StreamHandler } from "../venue.ts";
import type { StreamConnection } from "../ws/stream_connection.ts";
import { type StreamHub, StreamSubscriber } from "../ws/stream_hub.ts";
import type { UserStream } from "../ws/user_stream.ts";
import type { FuturesMarketStreams } from "./market_streams.ts";

/** Closing code of RFC 6455 for a client that breaks the rules. */
const POLICY = 1008;

/** What the handlers work with. */
export interface StreamContext {
  /** Who has subscribed to what. */
  readonly hub: StreamHub;
  /** The names of streams. */
  readonly streams: FuturesMarketStreams;
  /** The account's stream. */
  readonly userStream: UserStream;
  /** Its keys. */
  readonly listenKeys: ListenKeys;
  /** Most requests a second of one connection. */
  readonly requestsPerSecond: number;
  /** Is told that somebody has subscribed. */
  readonly onSubscribed: () => void;
}

/** Market streams, and the account's, at their addresses. */
export class FuturesStreamHandlers {
  /** Connections to market streams. */
  readonly marketConnections: Set<StreamConnection> = new Set();
  readonly #context: StreamContext;

  /** @param context What they work with. */
  constructor(context: StreamContext) {
    this.#context = context;
  }

  /**
   * What a WebSocket is for: `/ws` and `/stream` take requests, `/ws/NAMES` and
   * `/stream?streams=NAMES` are subscribed from the start, `/ws/KEY` is the account's.
   */
  at(url: URL): StreamHandler | undefined {
    const [, kind, rest = "", ...more] = url.pathname.split("/");
    if (more.length > 1) return undefined;
    const path = [rest, ...more].join("/");
    if (kind === "stream" && path === "") {
      return this.#market((url.searchParams.get("streams") ?? "").split("/"), true);
    }
    if (kind !== "ws") return undefined;
    if (path === "" || path.includes("@")) return this.#market(path.split("/"), false);
    return this.#user(path);
  }

  #market(names: readonly string[], isCombined: boolean): StreamHandler {
    const { hub, streams, requestsPerSecond, onSubscribed } = this.#context;
    const isStream = (name: string) => streams.isStream(name);
    const limiter = new SecondLimiter(requestsPerSecond);
    let subscriber: StreamSubscriber | undefined;
    return {
      opened: (connection) => {
        this.marketConnections.add(connection);
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
        this.marketConnections.delete(connection);
        if (subscriber !== undefined) hub.drop(subscriber);
      },
    };
  }

  /** As at Binance, a wrong key is not refused: nothing ever comes. */
  #user(key: string): StreamHandler {
    const { userStream, listenKeys } = this.#context;
    return {
      opened: (connection) => {
        if (listenKeys.isValid(key)) userStream.add(connection, key);
      },
      message: () => {},
      closed: (connection) => userStream.remove(connection),
    };
  }
}

/** Allows so many in each second of the clock. */
class SecondLimiter {
  readonly #limit: number;
  #second = 0;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  allows(now: number): boolean {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    return ++this.#count <= this.#limit;
  }
}
