/**
 * One WebSocket of a client.
 *
 * @module
 */

/** What becomes of messages to clients, over all connections. */
export interface StreamCounts {
  /** Connections that were opened. */
  opened: number;
  /** Connections that were closed, by either side. */
  closed: number;
  /** Connections that were closed because their client read too slowly. */
  tooSlow: number;
  /** Messages handed to the network. */
  sent: number;
  /** Messages that were dropped because a client read too slowly. */
  dropped: number;
}

/** What a connection is told of. */
export interface StreamListener {
  /** A text came. */
  message(connection: StreamConnection, text: string): void;
  /** The connection is closed, or is about to be. */
  closed(connection: StreamConnection): void;
}

/** Options of {@linkcode StreamConnection}. */
export interface StreamConnectionOptions {
  /** Most bytes that may wait for a client that reads slowly. */
  readonly maxBufferedBytes: number;
  /** Where messages are counted. */
  readonly counts: StreamCounts;
  /** What it tells. */
  readonly listener: StreamListener;
}

/** Closing codes of RFC 6455. */
const GOING_AWAY = 1001;
const POLICY = 1008;

/** A client's WebSocket whose backlog is bounded: a client that reads too slowly is closed. */
export class StreamConnection {
  /** Settles when the socket is gone. */
  readonly gone: Promise<void>;

  readonly #socket: WebSocket;
  readonly #options: StreamConnectionOptions;
  #isOpen = false;
  #isOver = false;

  /**
   * @param socket A socket that is about to open.
   * @param options Its bounds, and what it tells.
   */
  constructor(socket: WebSocket, options: StreamConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    const gone = Promise.withResolvers<void>();
    this.gone = gone.promise;
    socket.addEventListener("open", () => {
      this.#isOpen = true;
      options.counts.opened++;
    });
    socket.addEventListener("message", ({ data }) => {
      // Binary frames are no requests, and are answered as a text that is none.
      if (!this.#isOver) options.listener.message(this, typeof data === "string" ? data : "");
    });
    // An error is always followed by a close.
    socket.addEventListener("error", (event) => event.preventDefault());
    socket.addEventListener("close", () => {
      this.#end();
      gone.resolve();
    });
  }

  /** Whether messages still reach the client. */
  get isOpen(): boolean {
    return this.#isOpen && !this.#isOver;
  }

  /**
   * Sends a text, unless the connection is over or its client reads too slowly.
   *
   * @returns Whether it is on its way.
   */
  send(text: string): boolean {
    if (!this.isOpen) return false;
    const { counts, maxBufferedBytes } = this.#options;
    if (this.#socket.bufferedAmount + text.length > maxBufferedBytes) {
      counts.dropped++;
      counts.tooSlow++;
      this.close(POLICY, "reads too slowly");
      return false;
    }
    try {
      this.#socket.send(text);
    } catch {
      // The client left in this very turn; its close follows.
      counts.dropped++;
      return false;
    }
    counts.sent++;
    return true;
  }

  /** Closes the connection; more calls do nothing. */
  close(code: number = GOING_AWAY, reason: string = "closing"): void {
    if (this.#isOver) return;
    this.#end();
    try {
      this.#socket.close(code, reason);
    } catch {
      // It is not open yet, and never will be.
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#isOpen) this.#options.counts.closed++;
    this.#options.listener.closed(this);
  }
}
