/**
 * Talks to a dashboard without a browser.
 *
 * @module
 */

import type { Frame, Hello } from "../../lib/observe/dashboard/messages.ts";

/** Sends a request as it is written, with whatever Host and Origin; gives the answer. */
export async function rawRequest(
  port: number,
  { method = "GET", path = "/", headers, body = "" }: {
    method?: string;
    path?: string;
    headers: Record<string, string>;
    body?: string;
  },
): Promise<{ status: number; headers: Headers; body: string }> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...body === "" ? [] : [`content-length: ${body.length}`],
    ...headers.connection ? [] : ["connection: close"],
  ];
  await connection.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n${body}`));
  let text = "";
  for await (const chunk of connection.readable.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    // A connection that is kept alive, or has become a socket, does not end by itself.
    const [head = "", body] = text.split("\r\n\r\n");
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    if (body !== undefined && headers.connection && body.length >= length) break;
  }
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...fields] = head.split("\r\n");
  return {
    status: Number(first.split(" ")[1]),
    headers: new Headers(fields.map((field): [string, string] => {
      const at = field.indexOf(":");
      return [field.slice(0, at), field.slice(at + 1).trim()];
    })),
    body: rest.join("\r\n\r\n"),
  };
}

/** A page's side of the socket. */
export class ViewerClient implements AsyncDisposable {
  /** What came first. */
  hello: Hello | undefined;
  /** All frames. */
  readonly frames: Frame[] = [];
  /** The code with which the socket was closed. */
  readonly closed: Promise<number>;
  /** Whether frames are answered. */
  answers = true;
  readonly #socket: WebSocket;
  readonly #looks = new Set<() => void>();

  constructor(url: string) {
    const { origin, host } = new URL(url);
    this.#socket = new WebSocket(`ws://${host}/live`, { headers: { origin } });
    this.closed = new Promise((resolve) =>
      this.#socket.addEventListener("close", ({ code }) => resolve(code))
    );
    this.#socket.addEventListener("message", ({ data }) => {
      const message: Hello | Frame = JSON.parse(data);
      if (message.type === "hello") {
        this.hello = message;
      } else {
        this.frames.push(message);
        if (this.answers) this.send(JSON.stringify({ n: message.n }));
      }
      for (const look of this.#looks) look();
    });
  }

  /** Sends a text. */
  send(text: string): void {
    this.#socket.send(text);
  }

  /** Waits until something holds for what has come. */
  async until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.closed;
  }
}
