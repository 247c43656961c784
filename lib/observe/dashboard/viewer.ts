/**
 * One page that is connected.
 *
 * @module
 */

import type { FrameSource } from "./frame_source.ts";
import type { Answer, Hello } from "./messages.ts";
import type { News, Part, Tail } from "./parts.ts";

/** Frames that a page may owe an answer to before it gets no more. */
const MAX_UNANSWERED = 3;
/** Bytes that may wait in the socket before a page gets no more. */
const MAX_BUFFERED_BYTES = 262_144;
/** Longest message that a page has to send. */
const MAX_ANSWER_CHARS = 200;
/** Time after which a frame is sent though nothing has changed, in frames. */
const HEARTBEAT_FRAMES = 10;

/** Closing codes of RFC 6455. */
const GOING_AWAY = 1001;
const POLICY = 1008;

/** Sends frames to one page, as fast as that page takes them in. */
export class Viewer {
  /** Settles when the connection is over. */
  readonly gone: Promise<void>;

  readonly #socket: WebSocket;
  readonly #source: FrameSource;
  /** Versions of parts, and places in lists, that the page has. */
  #known = new Map<Part<unknown> | Tail<unknown>, number>();
  #asset = 0;
  #sent = 0;
  #answered = 0;
  #unanswered = 0;
  #skipped = 0;

  /**
   * @param socket A socket that is about to open.
   * @param source What there is to tell.
   * @param hello What to say first.
   */
  constructor(socket: WebSocket, source: FrameSource, hello: Hello) {
    this.#socket = socket;
    this.#source = source;
    const gone = Promise.withResolvers<void>();
    this.gone = gone.promise;
    socket.addEventListener("open", () => socket.send(JSON.stringify(hello)));
    socket.addEventListener("message", ({ data }) => this.#answer(data));
    // An error is always followed by a close.
    socket.addEventListener("error", (event) => event.preventDefault());
    socket.addEventListener("close", () => gone.resolve());
  }

  /** Frames that were not sent, because the page was not done with those before. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Sends what is new to the page, if it is done with what it got. */
  send(n: number, timeMs: number): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const isBehind = this.#unanswered >= MAX_UNANSWERED ||
      this.#socket.bufferedAmount > MAX_BUFFERED_BYTES;
    if (isBehind) {
      this.#skipped++;
      return;
    }
    const fields = this.#fields();
    if (fields.length === 0 && n - this.#sent < HEARTBEAT_FRAMES) return;
    const head = `"type":"frame","n":${n},"timeMs":${timeMs},"skipped":${this.#skipped},` +
      `"asset":${this.#asset}`;
    this.#socket.send(`{${[head, ...fields].join(",")}}`);
    this.#sent = n;
    this.#unanswered++;
  }

  /** Ends the connection. */
  close(): void {
    this.#socket.close(GOING_AWAY, "the dashboard ends");
  }

  #fields(): string[] {
    const fields: string[] = [];
    for (const [name, part] of this.#source.parts(this.#asset)) {
      if (part.version === (this.#known.get(part) ?? 0)) continue;
      fields.push(`"${name}":${part.json}`);
      this.#known.set(part, part.version);
    }
    for (const [name, tail] of this.#source.tails(this.#asset)) {
      const { json, any, missed, next }: News = tail.since(this.#known.get(tail) ?? 0);
      if (!any) continue;
      fields.push(`"${name}":{"rows":${json},"missed":${missed}}`);
      this.#known.set(tail, next);
    }
    return fields;
  }

  #answer(data: unknown): void {
    const answer = parseAnswer(data);
    if (answer === undefined) {
      this.#socket.close(POLICY, "not an answer");
      return;
    }
    const { n, asset } = answer;
    if (n !== undefined && n > this.#answered && n <= this.#sent) {
      this.#answered = n;
      this.#unanswered = Math.max(0, this.#unanswered - 1);
    }
    if (asset !== undefined && asset !== this.#asset && this.#source.has(asset)) {
      this.#asset = asset;
      // What the page had of the other instrument, it has thrown away.
      this.#known = new Map();
    }
  }
}

function parseAnswer(data: unknown): Answer | undefined {
  if (typeof data !== "string" || data.length > MAX_ANSWER_CHARS) return undefined;
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null) return undefined;
    const n = "n" in value ? value.n : undefined;
    const asset = "asset" in value ? value.asset : undefined;
    const isWhole = (each: unknown): each is number | undefined =>
      each === undefined || Number.isSafeInteger(each);
    return isWhole(n) && isWhole(asset)
      ? { ...(n !== undefined && { n }), ...(asset !== undefined && { asset }) }
      : undefined;
  } catch {
    return undefined;
  }
}
