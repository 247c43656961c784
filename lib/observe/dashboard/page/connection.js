/**
 * The page's WebSocket, which comes back by itself.
 *
 * @typedef {import("../messages.ts").Hello} Hello
 * @typedef {import("../messages.ts").Frame} Frame
 * @typedef {import("../messages.ts").Answer} Answer
 * @typedef {"connecting" | "live" | "lost"} LinkState
 */

const PROTOCOL = 2;

/** Time before the first new try, and longest time between two, ms. */
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 2_000;

/** Time without a frame after which the connection counts as lost, ms. */
const SILENCE_MS = 4_000;

export class Connection {
  /** @type {WebSocket | undefined} */
  #socket;
  #retryMs = FIRST_RETRY_MS;
  #lastMessage = 0;
  /** @type {{ onHello(hello: Hello): void, onFrame(frame: Frame): void, onState(state: LinkState): void }} */
  #listener;

  /** @param {{ onHello(hello: Hello): void, onFrame(frame: Frame): void, onState(state: LinkState): void }} listener */
  constructor(listener) {
    this.#listener = listener;
    this.#open();
    setInterval(() => this.#check(), 1_000);
  }

  /** @param {Answer} answer */
  send(answer) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(answer));
  }

  #open() {
    const socket = new WebSocket(`ws://${location.host}/live`);
    this.#socket = socket;
    this.#lastMessage = performance.now();
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) this.#take(JSON.parse(data));
    });
    socket.addEventListener("close", () => {
      if (socket !== this.#socket) return;
      this.#socket = undefined;
      this.#listener.onState("lost");
      setTimeout(() => this.#open(), this.#retryMs);
      this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2);
    });
  }

  /** @param {Hello | Frame} message */
  #take(message) {
    this.#lastMessage = performance.now();
    if (message.type === "hello") {
      // Another version of the server has another version of this page.
      if (message.protocol !== PROTOCOL) return location.reload();
      this.#retryMs = FIRST_RETRY_MS;
      this.#listener.onState("live");
      this.#listener.onHello(message);
      return;
    }
    this.#listener.onFrame(message);
    this.send({ n: message.n });
  }

  /** A server whose machine is gone closes nothing. */
  #check() {
    if (performance.now() - this.#lastMessage > SILENCE_MS) this.#socket?.close();
  }
}
