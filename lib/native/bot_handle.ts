/**
 * A bot in the native library, and how it ends.
 *
 * @module
 */

import { BotError, botErrorReason } from "../model/errors.ts";
import { NativeLibrary } from "./library.ts";
import {
  type BotFunctions,
  botFunctions,
  type DepthFunctions,
  depthFunctions,
  type DepthKind,
  type NativeFunctions,
} from "./symbols.ts";
import { toJsonBytes } from "./text.ts";

/** What is needed to release a bot, without a reference to its `NativeBot`. */
interface Resources {
  readonly library: NativeLibrary;
  readonly bot: BotFunctions;
  readonly pointer: Deno.PointerValue;
  /** Calls that run on other threads. */
  calls: number;
}

const open = new Set<Resources>();

// A bot that was dropped without close would keep its shared memory until the process ends.
// Registry callbacks run on the thread that made the bot, the only one that may close it.
const registry = new FinalizationRegistry<Resources>(release);

/**
 * A bot in the native library. It ends with {@linkcode BotHandle.close}, or else
 * with its garbage collection or the process: its shared memory is never left behind.
 */
export class BotHandle {
  /** What the library's functions take. */
  readonly pointer: Deno.PointerValue;
  /** The functions that exist once. */
  readonly functions: NativeFunctions;
  /** The functions of this kind of bot. */
  readonly bot: BotFunctions;
  /** The functions of its books. */
  readonly depth: DepthFunctions;
  readonly #resources: Resources;
  #closed = false;

  /**
   * Makes a bot.
   *
   * @param kind How it keeps its books.
   * @param description The bot as docs/abi.md describes it in JSON.
   * @param libraryPath Path of the library, if not the usual one.
   * @throws {BotError} If the library refuses.
   */
  constructor(kind: DepthKind, description: object, libraryPath: string | undefined) {
    const library = NativeLibrary.open({ libraryPath });
    try {
      const { functions } = library;
      const json = toJsonBytes(description);
      const out = new BigUint64Array(1);
      const code = Number(functions.hftlive_bot_new(json, BigInt(json.length), out));
      if (code !== 0) throw failure(library, code, "Cannot make a native bot");
      this.functions = functions;
      this.bot = botFunctions(functions, kind);
      this.depth = depthFunctions(functions, kind);
      this.pointer = Deno.UnsafePointer.create(out[0]!);
      this.#resources = { library, bot: this.bot, pointer: this.pointer, calls: 0 };
    } catch (error) {
      library.close();
      throw error;
    }
    if (open.size === 0) globalThis.addEventListener("unload", releaseAll);
    open.add(this.#resources);
    registry.register(this, this.#resources, this);
  }

  /** Whether {@linkcode close} was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Checks that the bot is open.
   *
   * @param action What is being done, such as "Cannot poll".
   * @throws {BotError} "closed".
   */
  checkOpen(action: string): void {
    if (this.#closed) throw new BotError("closed", `${action}: the bot is closed`);
  }

  /** The error for a code of the library, with the library's own words where it has some. */
  failure(code: number, action: string): BotError {
    return failure(this.#resources.library, code, action);
  }

  /** Keeps the library loaded until a call has ended that runs on another thread, even past {@linkcode close}. */
  track<T>(call: Promise<T>): Promise<T> {
    return track(this.#resources, call);
  }

  /** Releases the bot; more calls do nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    registry.unregister(this);
    release(this.#resources);
  }
}

function failure(library: NativeLibrary, code: number, action: string): BotError {
  const text = library.lastError();
  return new BotError(botErrorReason(code), text === "" ? `${action}: code ${code}` : text);
}

function release(resources: Resources): void {
  if (!open.delete(resources)) return;
  if (open.size === 0) globalThis.removeEventListener("unload", releaseAll);
  const { bot, pointer, library } = resources;
  bot.close(pointer);
  if (resources.calls === 0) library.close();
}

async function track<T>(resources: Resources, call: Promise<T>): Promise<T> {
  resources.calls++;
  try {
    return await call;
  } finally {
    resources.calls--;
    if (resources.calls === 0 && !open.has(resources)) resources.library.close();
  }
}

function releaseAll(): void {
  for (const resources of [...open]) release(resources);
}
