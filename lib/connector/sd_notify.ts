/**
 * Telling systemd about this process: ready, alive, stopping.
 *
 * systemd listens on a Unix datagram socket, which Deno and its Node compatibility offer only with
 * an unstable flag. So the datagram is sent by libc over FFI or, where FFI is not allowed, by the
 * program systemd-notify.
 *
 * @module
 */

import { MissingPermissionError } from "../model/errors.ts";
import { ConnectorRunnerError } from "./errors.ts";
import { isGranted, readVariable } from "../permissions.ts";

const LIBC = "libc.so.6";
const PROGRAM = "systemd-notify";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;

/** Length of `sun_path` on Linux, the ending zero included. */
const MAX_PATH_BYTES = 108;

const LIBC_SYMBOLS = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  sendto: {
    parameters: ["i32", "buffer", "usize", "i32", "buffer", "u32"],
    result: "isize",
  },
  close: { parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** How messages get to systemd. */
export type NotifyTransport = "libc" | "systemd-notify";

/** Options of {@linkcode SdNotify.open}. */
export interface SdNotifyOptions {
  /**
   * How messages get to systemd.
   *
   * @default "libc", or "systemd-notify" where `--allow-ffi` is missing
   */
  readonly transport?: NotifyTransport;
}

/** The connection to systemd of a service of `Type=notify`. */
export class SdNotify implements Disposable {
  /** How messages get to systemd. */
  readonly transport: NotifyTransport;
  /**
   * How often {@linkcode SdNotify.watchdog} is to be called, in ms: half of the unit's
   * `WatchdogSec`; undefined when the unit has none.
   */
  readonly watchdogIntervalMs: number | undefined;
  readonly #sender: Sender;
  #failed = 0;

  private constructor(transport: NotifyTransport, socketPath: string) {
    this.transport = transport;
    this.watchdogIntervalMs = readWatchdogInterval();
    this.#sender = transport === "libc" ? new LibcSender(socketPath) : new ProgramSender();
  }

  /**
   * Connects to systemd.
   *
   * @param options Which way to take.
   * @returns The connection, or undefined when this process is no such service, or may not read
   * the environment variables `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
   * @throws {MissingPermissionError} If messages can be sent neither way.
   * @throws {ConnectorRunnerError} If `NOTIFY_SOCKET` is of an unknown kind.
   */
  static open(options: SdNotifyOptions = {}): SdNotify | undefined {
    const socketPath = readVariable("NOTIFY_SOCKET");
    if (!socketPath || Deno.build.os !== "linux") return undefined;
    return new SdNotify(options.transport ?? chooseTransport(), socketPath);
  }

  /** Messages that could not be sent. */
  get failed(): number {
    return this.#failed;
  }

  /**
   * Tells that the service is ready.
   *
   * @param status What `systemctl status` shows.
   * @returns Whether the message was sent.
   */
  ready(status?: string): Promise<boolean> {
    return this.#send("READY=1", status);
  }

  /**
   * Tells what `systemctl status` shows.
   *
   * @param status One line; line ends become spaces.
   * @returns Whether the message was sent.
   */
  status(status: string): Promise<boolean> {
    return this.#send(undefined, status);
  }

  /**
   * Tells that the service is alive.
   *
   * @returns Whether the message was sent.
   */
  watchdog(): Promise<boolean> {
    return this.#send("WATCHDOG=1");
  }

  /**
   * Tells that the service has begun to stop.
   *
   * @param status What `systemctl status` shows.
   * @returns Whether the message was sent.
   */
  stopping(status?: string): Promise<boolean> {
    return this.#send("STOPPING=1", status);
  }

  /** Gives the socket back. */
  [Symbol.dispose](): void {
    this.#sender.close();
  }

  async #send(state: string | undefined, status?: string): Promise<boolean> {
    const assignments = state === undefined ? [] : [state];
    if (status !== undefined) assignments.push(`STATUS=${status.replace(/\s+/g, " ").trim()}`);
    const isSent = await this.#sender.send(assignments);
    if (!isSent) this.#failed++;
    return isSent;
  }
}

interface Sender {
  send(assignments: readonly string[]): Promise<boolean>;
  close(): void;
}

/** Sends datagrams with libc; a full queue fails rather than blocks. */
class LibcSender implements Sender {
  readonly #address: Uint8Array<ArrayBuffer>;
  readonly #libc: Deno.DynamicLibrary<typeof LIBC_SYMBOLS>;
  readonly #socket: number;
  #closed = false;

  constructor(socketPath: string) {
    this.#address = socketAddress(socketPath);
    try {
      this.#libc = Deno.dlopen(LIBC, LIBC_SYMBOLS);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConnectorRunnerError(`Cannot notify systemd: ${reason}`, { cause });
    }
    this.#socket = this.#libc.symbols.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (this.#socket < 0) {
      this.#libc.close();
      throw new ConnectorRunnerError("Cannot notify systemd: no socket can be made");
    }
  }

  send(assignments: readonly string[]): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    const message = new TextEncoder().encode(assignments.join("\n"));
    const sent = this.#libc.symbols.sendto(
      this.#socket,
      message,
      BigInt(message.length),
      MSG_DONTWAIT | MSG_NOSIGNAL,
      this.#address,
      this.#address.length,
    );
    return Promise.resolve(Number(sent) === message.length);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#libc.symbols.close(this.#socket);
    this.#libc.close();
  }
}

/** Runs systemd-notify for each message; the unit needs `NotifyAccess=all` for it. */
class ProgramSender implements Sender {
  #last: Promise<unknown> = Promise.resolve();

  send(assignments: readonly string[]): Promise<boolean> {
    // One after the other, so that messages arrive in the order in which they were sent.
    const sent = this.#last.then(() => run(assignments));
    this.#last = sent.catch(() => {});
    return sent;
  }

  close(): void {}
}

async function run(assignments: readonly string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(PROGRAM, {
      args: ["--", ...assignments],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function chooseTransport(): NotifyTransport {
  // Where FFI is limited to paths, Deno takes a bare name for a file in the working directory.
  if (isGranted({ name: "ffi" })) return "libc";
  if (isGranted({ name: "run", command: PROGRAM })) return "systemd-notify";
  throw new MissingPermissionError("Cannot notify systemd", ["--allow-ffi"]);
}

/** A `sockaddr_un`: the family in the machine's byte order, then the path. */
function socketAddress(socketPath: string): Uint8Array<ArrayBuffer> {
  const isAbstract = socketPath.startsWith("@");
  if (!isAbstract && !socketPath.startsWith("/")) {
    throw new ConnectorRunnerError(
      `Cannot notify systemd: NOTIFY_SOCKET=${socketPath} is not Unix`,
    );
  }
  const path = new TextEncoder().encode(
    isAbstract ? `\0${socketPath.slice(1)}` : `${socketPath}\0`,
  );
  if (path.length > MAX_PATH_BYTES) {
    throw new ConnectorRunnerError(
      `Cannot notify systemd: NOTIFY_SOCKET=${socketPath} is too long`,
    );
  }
  const address = new Uint8Array(2 + path.length);
  new Uint16Array(address.buffer, 0, 1)[0] = AF_UNIX;
  address.set(path, 2);
  return address;
}

function readWatchdogInterval(): number | undefined {
  const microseconds = Number(readVariable("WATCHDOG_USEC"));
  const pid = readVariable("WATCHDOG_PID");
  const isForUs = pid === undefined || Number(pid) === Deno.pid;
  return isForUs && microseconds > 0 ? microseconds / 1_000 / 2 : undefined;
}
