/**
 * A client of the paper exchange, as one of Binance's would be.
 *
 * @module
 */

import { createHmac, sign } from "node:crypto";
import { Buffer } from "node:buffer";
import type { PaperExchange } from "@hftlive/hftlive";

/** Longest wait for a message: so that a hopeless one fails instead of hanging. */
const HOPELESS_MS = 30_000;

// deno-lint-ignore no-explicit-any -- what comes is what is tested
export type Json = any;

/** An answer: its status, body and headers. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

/** What may be wrong with a signed request. */
export interface SignOptions {
  readonly apiKey?: string;
  readonly secret?: string;
  /** Added to the timestamp, ms. */
  readonly skewMs?: number;
  readonly recvWindow?: number;
  /** Where the fields go. */
  readonly in?: "query" | "body";
}

/** Messages of one WebSocket, in order. */
export class Stream implements AsyncDisposable {
  /** Messages that came and were not taken yet. */
  readonly messages: Json[] = [];
  /** Settles when the socket is closed, with its code and reason. */
  readonly closed: Promise<CloseEvent>;
  readonly #socket: WebSocket;
  #wake = Promise.withResolvers<void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      this.messages.push(JSON.parse(data));
      this.#wake.resolve();
    };
    this.closed = new Promise((resolve) => socket.onclose = resolve);
  }

  static async open(url: string): Promise<Stream> {
    const socket = new WebSocket(url);
    const stream = new Stream(socket);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = (event) => reject(new Error(`Cannot open ${url}: ${event.type}`));
    });
    socket.onerror = null;
    return stream;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Sends a request. */
  send(request: unknown): void {
    this.#socket.send(typeof request === "string" ? request : JSON.stringify(request));
  }

  /** The answer to a request. */
  async ask(request: Record<string, unknown>): Promise<Json> {
    const id = request["id"] ?? crypto.randomUUID();
    this.send({ ...request, id });
    return await this.take((message) => message.id === id || message.error !== undefined);
  }

  /** Takes the first message that fits, dropping those before it. */
  async take(fits: (message: Json) => boolean = () => true): Promise<Json> {
    const start = performance.now();
    for (;;) {
      while (this.messages.length > 0) {
        const message = this.messages.shift();
        if (fits(message)) return message;
      }
      if (performance.now() - start > HOPELESS_MS) throw new Error(`Cannot go on: ${fits}`);
      this.#wake = Promise.withResolvers();
      const timer = setTimeout(this.#wake.resolve, 1_000);
      await this.#wake.promise;
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.closed;
  }
}

/** A client with the exchange's own key. */
export class PaperClient implements Disposable {
  readonly exchange: PaperExchange;
  readonly #http = Deno.createHttpClient({});

  constructor(exchange: PaperExchange) {
    this.exchange = exchange;
  }

  /** Signs a text as the exchange wants it. */
  sign(text: string, secret: string = this.exchange.secret): string {
    return this.exchange.venue === "binancespot"
      ? sign(null, Buffer.from(text), secret).toString("base64")
      : createHmac("sha256", secret).update(text).digest("hex");
  }

  /** Sends a request without a signature. */
  async request(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.exchange.apiUrl}${path}`, {
      method,
      ...init,
      client: this.#http,
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === "" ? undefined : JSON.parse(text),
      headers: response.headers,
    };
  }

  /** Sends a signed request. */
  async signed(
    method: string,
    path: string,
    fields: Record<string, string | number | boolean> = {},
    options: SignOptions = {},
  ): Promise<Answer> {
    const { apiKey = this.exchange.apiKey, secret = this.exchange.secret, skewMs = 0 } = options;
    const form = new URLSearchParams(
      Object.entries(fields).map(([name, value]) => [name, String(value)]),
    ).toString();
    const time = `recvWindow=${options.recvWindow ?? 5000}&timestamp=${Date.now() + skewMs}`;
    const inBody = options.in !== "query" && method !== "GET";
    const query = inBody || form === "" ? time : `${form}&${time}`;
    const body = inBody ? form : "";
    const signature = encodeURIComponent(this.sign(query + body, secret));
    return await this.request(method, `${path}?${query}&signature=${signature}`, {
      headers: { "x-mbx-apikey": apiKey },
      ...(body === "" ? {} : { body }),
    });
  }

  /** Sends a new order, a limit order good till cancelled unless told otherwise. */
  order(fields: Record<string, string | number | boolean>): Promise<Answer> {
    const defaults = fields["type"] === "MARKET" ? {} : { type: "LIMIT", timeInForce: "GTC" };
    return this.signed("POST", "/fapi/v1/order", {
      symbol: "BTCUSDT",
      side: "BUY",
      ...defaults,
      ...fields,
    });
  }

  /** Cancels an order by the exchange's id. */
  cancel(orderId: number): Promise<Answer> {
    return this.signed("DELETE", "/fapi/v1/order", { symbol: "BTCUSDT", orderId });
  }

  /** A new listen key, or the one that lives. */
  async listenKey(): Promise<string> {
    const { body } = await this.request("POST", "/fapi/v1/listenKey", {
      headers: { "x-mbx-apikey": this.exchange.apiKey },
    });
    return body.listenKey;
  }

  /** Opens the account's stream. */
  async userStream(): Promise<Stream> {
    return await Stream.open(`${this.exchange.streamUrl}/${await this.listenKey()}`);
  }

  /** Opens a market stream and subscribes. */
  async marketStream(...params: string[]): Promise<Stream> {
    const stream = await Stream.open(this.exchange.streamUrl);
    if (params.length > 0) await stream.ask({ method: "SUBSCRIBE", params });
    return stream;
  }

  [Symbol.dispose](): void {
    this.#http.close();
  }
}
