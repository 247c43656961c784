/**
 * What a client has received, and when.
 *
 * @module
 */

import {
  type BotEvent,
  type EventStream,
  isActive,
  LiveClient,
  NativeBot,
  type NativeBotOptions,
} from "@hftlive/hftlive";

/** Moments after a connector went away, by `performance.now()`; undefined until they have come. */
export interface Moments {
  /** The client reported the loss. */
  lost: number | undefined;
  /** The new connector answered the registration. */
  registered: number | undefined;
  /** Its first market data came: a level of its book, a change of it, or a trade. */
  data: number | undefined;
  /** The client reported the recovery. */
  restored: number | undefined;
}

/** A client with all that it has received. */
export class Ledger implements AsyncDisposable {
  /** The client. */
  readonly client: LiveClient;
  /** Moments of the current round. */
  moments: Moments = none();
  /** Trades. */
  trades = 0;
  /** Market events that came twice. */
  repeated = 0;
  /** Overflows that were reported. */
  overflows = 0;
  readonly #events: EventStream<BotEvent>;
  readonly #reading: Promise<void>;
  /** What tells each trade and change of the book from all others, in order. */
  readonly #keys: string[] = [];
  readonly #places = new Map<string, number>();
  readonly #settledAt = new Map<bigint, number>();
  #away = false;

  private constructor(client: LiveClient) {
    this.client = client;
    client.addEventListener("connectionlost", () => this.moments.lost ??= performance.now());
    client.addEventListener("connectionrestored", () => {
      this.moments.restored ??= performance.now();
    });
    this.#events = client.events({ queueSize: 100_000 });
    this.#reading = this.#read();
  }

  /** Starts a client. */
  static async start(instruments: NativeBotOptions["instruments"]): Promise<Ledger> {
    return new Ledger(await LiveClient.start(new NativeBot({ instruments })));
  }

  /** How many trades and changes of the book came. */
  get length(): number {
    return this.#keys.length;
  }

  /** Begins a round. */
  begin(): void {
    this.moments = none();
    this.#away = false;
  }

  /** When an update told that an order is not open any more; undefined if none did. */
  settledAt(orderId: bigint): number | undefined {
    return this.#settledAt.get(orderId);
  }

  /** All levels of the book, as a text to compare. */
  book(): string {
    const { bids, asks } = this.client.snapshot();
    return [...bids, ...asks].map(({ price, qty }) => `${price} ${qty}`).join();
  }

  /**
   * Compares with what another client received, from that one's first event on.
   *
   * @param other A client that was started later.
   * @param count How many events to compare.
   * @returns How many differ; undefined while one of the two has not got that many.
   */
  missing(other: Ledger, count: number): number | undefined {
    const [first] = other.#keys;
    const start = first === undefined ? undefined : this.#places.get(first);
    if (start === undefined || other.length < count || this.length < start + count) {
      return undefined;
    }
    const own = this.#keys.slice(start, start + count);
    return own.filter((key, i) => key !== other.#keys[i]).length;
  }

  /** Ends the client. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.#reading;
  }

  async #read(): Promise<void> {
    for await (const event of this.#events) this.#take(event);
  }

  #take(event: BotEvent): void {
    switch (event.type) {
      case "connection":
        if (event.state === "detached" || event.state === "replaced") this.#away = true;
        else if (event.state === "registered" && this.#away) {
          this.moments.registered ??= performance.now();
        }
        break;
      case "trade":
      case "depth":
      case "snapshot":
        if (this.#away) this.moments.data ??= performance.now();
        if (event.type === "snapshot") break;
        if (event.type === "trade") this.trades++;
        this.#note([event.type, event.exchTimestamp, event.side, event.price, event.qty].join());
        break;
      case "order":
        if (!isActive(event.status)) this.#settledAt.set(event.orderId, performance.now());
        break;
      case "overflow":
        this.overflows++;
        break;
    }
  }

  #note(key: string): void {
    if (this.#places.has(key)) this.repeated++;
    this.#places.set(key, this.#keys.length);
    this.#keys.push(key);
  }
}

function none(): Moments {
  return { lost: undefined, registered: undefined, data: undefined, restored: undefined };
}
