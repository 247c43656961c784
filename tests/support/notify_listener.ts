/**
 * systemd's side of sd_notify.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";

/** Listens as systemd does; its own process, since Deno's datagrams need an unstable flag. */
export class NotifyListener implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Listens on a socket. */
  static async start(path: string): Promise<NotifyListener> {
    const code =
      `const socket = Deno.listenDatagram({ transport: "unixpacket", path: Deno.args[0] });
      console.log('"bound"');
      for await (const [bytes] of socket) console.log(JSON.stringify(new TextDecoder().decode(bytes)));`;
    const listener = new NotifyListener(
      new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          "--unstable-net",
          `data:text/javascript,${encodeURIComponent(code)}`,
          path,
        ],
        stdin: "null",
        stdout: "piped",
        stderr: "inherit",
      }).spawn(),
    );
    assertEquals(await listener.next(), "bound");
    return listener;
  }

  /** The next message. */
  async next(): Promise<string> {
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#lines.read();
      assert(!done, "the listener has ended");
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return JSON.parse(line);
  }

  /** Stops listening. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#lines.cancel();
    await this.#child.status;
  }
}
