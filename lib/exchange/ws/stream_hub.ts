/**
 * Who has subscribed to what.
 *
 * @module
 */

import type { StreamConnection } from "./stream_connection.ts";

/** A client of the market streams. */
export class StreamSubscriber {
  /** Its connection. */
  readonly connection: StreamConnection;
  /** Streams that it has subscribed to. */
  readonly streams: Set<string> = new Set();
  /** Whether its messages are wrapped with their stream's name. */
  isCombined: boolean;

  /**
   * @param connection Its connection.
   * @param isCombined Whether messages are wrapped.
   */
  constructor(connection: StreamConnection, isCombined: boolean) {
    this.connection = connection;
    this.isCombined = isCombined;
  }

  /** Sends a message of a stream. */
  send(stream: string, text: string): void {
    this.connection.send(this.isCombined ? `{"stream":"${stream}","data":${text}}` : text);
  }
}

/** Streams by name, each with its subscribers. */
export class StreamHub {
  readonly #streams = new Map<string, Set<StreamSubscriber>>();

  /** Whether anybody has subscribed to one of these streams. */
  hasSubscribers(streams: readonly string[]): boolean {
    return streams.some((stream) => this.#streams.has(stream));
  }

  /** Subscribes. */
  add(subscriber: StreamSubscriber, stream: string): void {
    subscriber.streams.add(stream);
    let subscribers = this.#streams.get(stream);
    if (subscribers === undefined) this.#streams.set(stream, subscribers = new Set());
    subscribers.add(subscriber);
  }

  /** Ends a subscription. */
  remove(subscriber: StreamSubscriber, stream: string): void {
    subscriber.streams.delete(stream);
    const subscribers = this.#streams.get(stream);
    subscribers?.delete(subscriber);
    if (subscribers?.size === 0) this.#streams.delete(stream);
  }

  /** Ends all subscriptions of a client. */
  drop(subscriber: StreamSubscriber): void {
    for (const stream of [...subscriber.streams]) this.remove(subscriber, stream);
  }

  /** Sends a message to the subscribers of streams that are the same but for their name. */
  publish(streams: readonly string[], text: string): void {
    for (const stream of streams) {
      for (const subscriber of this.#streams.get(stream) ?? []) subscriber.send(stream, text);
    }
  }
}
