/**
 * Temporary files, such as those that hold secrets: only their owner can read them, and they do not
 * outlive the process that made them for long.
 *
 * The kernel keeps a lock on each for as long as its process lives. A file whose lock is free
 * was left behind by a process that was killed, whatever has become of its process id since.
 *
 * @module
 */

import { isAbsolute, join } from "@std/path";
import { ConnectorRunnerError } from "../errors.ts";
import { isGranted, readVariable, requirePath } from "../../permissions.ts";

/** Permission bits of the group and of all others. */
const OTHERS = 0o077;

/** `NAME-PID-STARTED-RANDOM.toml`, the time in ms since 1970, or one that was published. */
const FILE_NAME = /^(?:[a-z]+-\d+-\d+-[\da-f]{16}|.+\.channel)\.toml$/;

/** Tries before giving up on a race that cannot be lost so often. */
const MAX_TRIES = 10;

/** A file that is removed when it is disposed of, or when the process ends on its own. */
export class PrivateFile implements AsyncDisposable, Disposable {
  readonly #file: Deno.FsFile;
  #path: string;
  readonly #onUnload = (): void => this.#remove();
  #removed = false;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
    addEventListener("unload", this.#onUnload);
  }

  /**
   * Writes a private file, after removing what killed processes have left in its directory.
   *
   * @param text What it holds.
   * @param options `directory`, made with mode 0700 if it is not there; `name`, how the file's
   * name starts, in small letters.
   * @returns The file; dispose of it when nobody needs it any more.
   * @throws {ConnectorRunnerError} If the directory is not private, or nothing can be written.
   * @throws {MissingPermissionError} If the directory may not be read or written.
   */
  static async create(
    text: string,
    options: { directory: string; name: string },
  ): Promise<PrivateFile> {
    const { directory, name } = options;
    const action = `Cannot keep private files in ${directory}`;
    requirePath(action, "read", directory);
    requirePath(action, "write", directory);
    try {
      const owner = await openPrivateDirectory(directory);
      await removeLeftovers(directory);
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const path = join(directory, fileName(name));
        const file = await tryCreate(path, text, owner);
        if (file !== undefined) return new PrivateFile(path, file);
      }
      throw new ConnectorRunnerError(`${action}: another process removes what is written there`);
    } catch (cause) {
      if (cause instanceof ConnectorRunnerError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConnectorRunnerError(`${action}: ${reason}`, { cause });
    }
  }

  /** The file. */
  get path(): string {
    return this.#path;
  }

  /**
   * Gives the file, complete as it is, a name that others know.
   *
   * @param path The name, `NAME.channel.toml` in the same directory.
   * @throws {Deno.errors.AlreadyExists} If there is such a file; it is left as it is.
   */
  async publish(path: string): Promise<void> {
    // Unlike a rename, a link never takes the place of another file.
    await Deno.link(this.#path, path);
    const before = this.#path;
    this.#path = path;
    await Deno.remove(before);
  }

  /** Removes the file; more calls do nothing. */
  [Symbol.dispose](): void {
    this.#remove();
  }

  /** Removes the file; more calls do nothing. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#remove();
    return Promise.resolve();
  }

  #remove(): void {
    if (this.#removed) return;
    this.#removed = true;
    removeEventListener("unload", this.#onUnload);
    try {
      Deno.removeSync(this.#path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    } finally {
      this.#file.close();
    }
  }
}

/**
 * Where private files go: `$XDG_RUNTIME_DIR/hftlive`, which lives in memory and belongs to one
 * user, else a directory of this user's under the temporary one.
 *
 * @returns The directory; it need not exist.
 */
export function privateDirectory(): string {
  const runtime = readVariable("XDG_RUNTIME_DIR");
  if (runtime !== undefined && isAbsolute(runtime) && isDirectory(runtime)) {
    return join(runtime, "hftlive");
  }
  const temporary = readVariable("TMPDIR") || "/tmp";
  const uid = isGranted({ name: "sys", kind: "uid" }) ? Deno.uid() : null;
  return join(temporary, uid === null ? "hftlive" : `hftlive-${uid}`);
}

/**
 * Removes the files that killed processes have left in a directory.
 *
 * @param directory The directory; it need not exist.
 * @returns The paths that were removed.
 */
export async function removeLeftovers(directory: string): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await fileNames(directory)) {
    const path = join(directory, name);
    try {
      using file = await Deno.open(path);
      // Unlinked while the lock is held, so that its maker cannot believe it has a file.
      if (!await file.tryLock(true)) continue;
      await Deno.remove(path);
      removed.push(path);
    } catch (error) {
      // Gone by now, or another user's, as root's is after a run with sudo.
      const { NotFound, PermissionDenied } = Deno.errors;
      if (!(error instanceof NotFound || error instanceof PermissionDenied)) throw error;
    }
  }
  return removed;
}

async function fileNames(directory: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(directory));
    return entries.filter(({ isFile, name }) => isFile && FILE_NAME.test(name))
      .map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function fileName(name: string): string {
  const random = crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n;
  return `${name}-${Deno.pid}-${Math.floor(performance.timeOrigin)}-` +
    `${random.toString(16).padStart(16, "0")}.toml`;
}

/** Makes a directory, or checks that nobody else can get at the one there; returns its owner. */
async function openPrivateDirectory(directory: string): Promise<number | null> {
  try {
    await Deno.mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  const { isDirectory, mode, uid } = await Deno.lstat(directory);
  if (!isDirectory) {
    throw new ConnectorRunnerError(
      `Cannot keep private files in ${directory}: it is not a directory`,
    );
  }
  if (mode !== null && (mode & OTHERS) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, "0");
    throw new ConnectorRunnerError(
      `Cannot keep private files in ${directory}: other users can look into it (mode ${octal})`,
    );
  }
  return uid;
}

/**
 * Makes and locks a file, then fills it.
 *
 * @returns The open file, or undefined when a clean-up took it before it was locked.
 */
async function tryCreate(
  path: string,
  text: string,
  directoryOwner: number | null,
): Promise<Deno.FsFile | undefined> {
  const file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  let kept = false;
  try {
    const isLocked = await file.tryLock(true);
    const { uid, nlink } = await file.stat();
    if (!isLocked || nlink === 0) return undefined;
    // A new file is ours, and so tells who we are without asking for one more permission.
    if (uid !== directoryOwner) {
      await Deno.remove(path);
      throw new ConnectorRunnerError(
        `Cannot keep private files in ${path}: the directory belongs to another user`,
      );
    }
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    kept = true;
    return file;
  } finally {
    if (!kept) file.close();
  }
}

function isDirectory(path: string): boolean {
  if (!isGranted({ name: "read", path })) return false;
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
