/**
 * Keeping two runners from starting connectors of one name.
 *
 * The kernel holds a lock on a file for as long as the runner lives. The file names the connector's
 * process too: it may outlive a runner that was killed, for the moment until it is ended.
 *
 * @module
 */

import { join } from "@std/path";
import { ConnectorRunnerError } from "./errors.ts";
import { requirePath } from "../permissions.ts";
import { nameFile } from "./name_file.ts";
import { isSameProcess, type ProcessIdentity } from "./process_identity.ts";
import { ConnectorNameInUseError } from "./runner_errors.ts";

/** Tries before giving up on a race that cannot be lost so often. */
const MAX_TRIES = 10;

const READ_PAUSE_MS = 5;

/** What the file says. */
interface Holder {
  /** Process id of the runner. */
  readonly runner: number;
  /** Its connector, once that is started. */
  readonly connector?: ProcessIdentity;
}

/** The right to start the connector of a name; nobody else on this directory has it. */
export class NameLock implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  #released = false;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Takes the lock.
   *
   * @param connectorName The connector's name.
   * @param directory Where the lock's file goes: private, made if it is not there.
   * @returns The lock, to be released when the connector is reaped.
   * @throws {ConnectorNameInUseError} If another runner has it, or its connector still lives.
   * @throws {ConnectorRunnerError} If the file cannot be used.
   * @throws {MissingPermissionError} If the directory may not be read or written.
   */
  static async acquire(connectorName: string, directory: string): Promise<NameLock> {
    const action = `Cannot lock the name of connector ${connectorName} in ${directory}`;
    requirePath(action, "read", directory);
    requirePath(action, "write", directory);
    try {
      await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
      const path = join(directory, await nameFile(connectorName, "lock"));
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const lock = await NameLock.#try(connectorName, path);
        if (lock !== undefined) return lock;
      }
      throw new ConnectorRunnerError(`${action}: another process removes ${path}`);
    } catch (cause) {
      if (cause instanceof ConnectorRunnerError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConnectorRunnerError(`${action}: ${reason}`, { cause });
    }
  }

  /** The lock, or undefined when its file was removed just before it was locked. */
  static async #try(connectorName: string, path: string): Promise<NameLock | undefined> {
    const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
    let lock: NameLock | undefined;
    try {
      if (!await file.tryLock(true)) {
        const holder = await readHolder(file);
        throw new ConnectorNameInUseError(connectorName, holder?.runner, "runs it already");
      }
      if ((await file.stat()).nlink === 0) return undefined;
      const left = parseHolder(await readText(file))?.connector;
      if (left !== undefined && await isSameProcess(left)) {
        const holder = "is left over from a runner that was killed, and still lives";
        throw new ConnectorNameInUseError(connectorName, left.pid, holder);
      }
      lock = new NameLock(path, file);
      await lock.#write({ runner: Deno.pid });
      return lock;
    } finally {
      if (lock === undefined) file.close();
    }
  }

  /** Notes the connector's process, for those who find the file after this runner was killed. */
  async record(connector: ProcessIdentity): Promise<void> {
    await this.#write({ runner: Deno.pid, connector });
  }

  /** Gives the name free; more calls do nothing. */
  [Symbol.dispose](): void {
    if (this.#released) return;
    this.#released = true;
    try {
      // While the lock is held, so that nobody can lock a file that is then removed.
      Deno.removeSync(this.#path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    } finally {
      this.#file.close();
    }
  }

  async #write(holder: Holder): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(holder));
    await this.#file.truncate();
    await this.#file.seek(0, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
  }
}

/** Who has the lock; tries again for as long as it may take to write that. */
async function readHolder(file: Deno.FsFile): Promise<Holder | undefined> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const holder = parseHolder(await readText(file));
    if (holder !== undefined) return holder;
    await new Promise((resolve) => setTimeout(resolve, READ_PAUSE_MS));
  }
  return undefined;
}

async function readText(file: Deno.FsFile): Promise<string> {
  await file.seek(0, Deno.SeekMode.Start);
  const bytes = new Uint8Array(1024);
  let length = 0;
  while (length < bytes.length) {
    const count = await file.read(bytes.subarray(length));
    if (count === null) break;
    length += count;
  }
  return new TextDecoder().decode(bytes.subarray(0, length));
}

/** The holder, as far as the file says; a file that is just being written may say anything. */
function parseHolder(text: string): Holder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || typeof value.runner !== "number") return undefined;
  const { runner, connector } = value;
  if (
    !isRecord(connector) || typeof connector.pid !== "number" || typeof connector.born !== "string"
  ) return { runner };
  return { runner, connector: { pid: connector.pid, born: connector.born } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
