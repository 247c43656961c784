/**
 * The Unix socket of a supervisor: where it is, and that only one supervisor has it.
 *
 * The kernel holds a lock beside the socket for as long as its supervisor lives. A socket whose lock
 * is free was left behind by one that was killed, and is replaced.
 *
 * @module
 */

import { dirname, isAbsolute, join, resolve } from "@std/path";
import { MissingPermissionError } from "../../model/errors.ts";
import { privateDirectory } from "../config/private_file.ts";
import { ConnectorRunnerError } from "../errors.ts";
import { isGranted, readVariable } from "../../permissions.ts";

/** Permission bits of the group and of all others. */
const OTHERS = 0o077;

const FILE_NAME = "control.sock";

/** Longest path of a Unix socket on Linux and macOS, without its ending zero. */
const MAX_PATH_BYTES = 103;

/** Tries before giving up on a race that cannot be lost so often. */
const MAX_TRIES = 10;

/** Another supervisor that lives has the control socket. */
export class SupervisorRunningError extends ConnectorRunnerError {
  /** Name of the class. */
  override name = "SupervisorRunningError";
  /** Its socket. */
  readonly socketPath: string;
  /** Its process id, where it is known. */
  readonly pid: number | undefined;

  /**
   * Makes the error.
   *
   * @param socketPath Its socket.
   * @param pid Its process id, where it is known.
   */
  constructor(socketPath: string, pid: number | undefined) {
    const who = pid === undefined ? "another supervisor" : `the supervisor with process ${pid}`;
    super(
      `Cannot listen on ${socketPath}: ${who} does; stop it with connector stop, or give this one ` +
        "a control_socket of its own",
    );
    this.socketPath = socketPath;
    this.pid = pid;
  }
}

/**
 * The control socket in a directory.
 *
 * @param directory The directory.
 * @returns The socket.
 */
export function controlSocketIn(directory: string): string {
  return join(directory, FILE_NAME);
}

/**
 * The control socket that a supervisor listens on unless another one is named.
 *
 * @returns `$XDG_RUNTIME_DIR/hftlive/control.sock`, else one under the temporary directory.
 */
export function defaultControlSocket(): string {
  return controlSocketIn(privateDirectory());
}

/**
 * The control sockets that a supervisor of this user may listen on when none is named. A service has
 * no `XDG_RUNTIME_DIR`, so its socket is not where a login session would have it.
 *
 * @returns The default socket, and the one under the temporary directory.
 */
export function usualControlSockets(): string[] {
  const uid = isGranted({ name: "sys", kind: "uid" }) ? Deno.uid() : null;
  const name = uid === null ? "hftlive" : `hftlive-${uid}`;
  const others = ["/tmp", readVariable("TMPDIR") || "/tmp"].map((directory) =>
    controlSocketIn(join(directory, name))
  );
  return [...new Set([defaultControlSocket(), ...others])];
}

/**
 * The permissions that a control socket needs, on either side.
 *
 * @param path The socket.
 * @returns The permissions.
 */
export function controlSocketPermissions(path: string): Deno.PermissionDescriptor[] {
  const directory = dirname(path);
  return [
    { name: "read", path: directory },
    { name: "write", path: directory },
    { name: "net", host: `unix:${path}` },
  ];
}

/** A control socket that listens, and is this process's alone. */
export class ControlSocket implements Disposable {
  /** The socket. */
  readonly path: string;
  /** Accepts connections. */
  readonly listener: Deno.UnixListener;
  readonly #lock: Deno.FsFile;
  #closed = false;

  private constructor(path: string, listener: Deno.UnixListener, lock: Deno.FsFile) {
    this.path = path;
    this.listener = listener;
    this.#lock = lock;
  }

  /**
   * Listens on a control socket of mode 0600. Its directory is made with mode 0700 if it is not
   * there, and refused if others can look into it.
   *
   * @param path The socket.
   * @returns The socket, to be disposed of.
   * @throws {SupervisorRunningError} If a living supervisor has it.
   * @throws {ConnectorRunnerError} If it cannot be made.
   * @throws {MissingPermissionError} If a permission is missing.
   */
  static async listen(path: string): Promise<ControlSocket> {
    const file = checkPath(path);
    requireSocket(`Cannot listen on ${file}`, file);
    try {
      await Deno.mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await checkDirectory(dirname(file));
      const lock = await takeLock(file);
      try {
        return new ControlSocket(file, bind(file), lock);
      } catch (error) {
        lock.close();
        throw error;
      }
    } catch (cause) {
      if (cause instanceof ConnectorRunnerError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConnectorRunnerError(`Cannot listen on ${file}: ${reason}`, { cause });
    }
  }

  /** Stops listening and removes the socket; more calls do nothing. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.listener.close();
    } finally {
      try {
        // The lock goes last: until then, nobody else touches either file.
        removeIfPresent(this.path);
        removeIfPresent(lockPath(this.path));
      } finally {
        this.#lock.close();
      }
    }
  }
}

/**
 * Connects to the supervisor of a control socket.
 *
 * @param path The socket.
 * @returns The connection.
 * @throws {ConnectorRunnerError} If no supervisor listens there, or others could.
 * @throws {MissingPermissionError} If a permission is missing.
 */
export async function connectControlSocket(path: string): Promise<Deno.UnixConn> {
  const file = checkPath(path);
  const action = `Cannot reach a supervisor on ${file}`;
  requireSocket(action, file);
  try {
    await checkDirectory(dirname(file));
    return await Deno.connect({ transport: "unix", path: file });
  } catch (cause) {
    if (cause instanceof ConnectorRunnerError) throw cause;
    const { NotFound, ConnectionRefused } = Deno.errors;
    const reason = cause instanceof NotFound || cause instanceof ConnectionRefused
      ? "none runs there, start one with connector up"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new ConnectorRunnerError(`${action}: ${reason}`, { cause });
  }
}

function checkPath(path: string): string {
  const file = isAbsolute(path) ? path : resolve(path);
  const bytes = new TextEncoder().encode(file).length;
  if (bytes > MAX_PATH_BYTES) {
    throw new ConnectorRunnerError(
      `Cannot use the control socket ${file}: its path has ${bytes} bytes, ` +
        `expected at most ${MAX_PATH_BYTES}`,
    );
  }
  return file;
}

function requireSocket(action: string, path: string): void {
  const missing = controlSocketPermissions(path).filter((permission) => !isGranted(permission));
  if (missing.length === 0) return;
  const directory = dirname(path);
  const flags = missing.map(({ name }) =>
    `--allow-${name}=${name === "net" ? `unix:${path}` : directory}`
  );
  throw new MissingPermissionError(action, flags);
}

async function checkDirectory(directory: string): Promise<void> {
  const { isDirectory, mode } = await Deno.stat(directory);
  if (!isDirectory) throw new ConnectorRunnerError(`Cannot use ${directory}: it is no directory`);
  if (mode !== null && (mode & OTHERS) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, "0");
    throw new ConnectorRunnerError(
      `Cannot use a control socket in ${directory}: other users can look into it (mode ${octal}), ` +
        `run: chmod 700 ${directory}`,
    );
  }
}

/** Takes the lock beside a socket, and writes this process's id into it. */
async function takeLock(socketPath: string): Promise<Deno.FsFile> {
  const path = lockPath(socketPath);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
    let kept = false;
    try {
      if (!await file.tryLock(true)) {
        throw new SupervisorRunningError(socketPath, await readPid(path));
      }
      // Its last holder may have removed it between the opening and the locking.
      if ((await file.stat()).nlink === 0) continue;
      await file.truncate();
      await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
      kept = true;
      return file;
    } finally {
      if (!kept) file.close();
    }
  }
  throw new ConnectorRunnerError(`Cannot lock ${path}: another process removes it again and again`);
}

async function readPid(path: string): Promise<number | undefined> {
  try {
    const pid = Number(await Deno.readTextFile(path));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Binds the socket, in the place of one that a killed supervisor has left. */
function bind(path: string): Deno.UnixListener {
  removeIfPresent(path);
  const listener = Deno.listen({ transport: "unix", path });
  try {
    // Until here, the directory alone keeps others out.
    Deno.chmodSync(path, 0o600);
    return listener;
  } catch (error) {
    listener.close();
    throw error;
  }
}

function lockPath(socketPath: string): string {
  return `${socketPath}~lock`;
}

function removeIfPresent(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
