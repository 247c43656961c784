/**
 * What is to go wrong, on demand.
 *
 * @module
 */

import { checkNumber, checkOneOf } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";

/**
 * Where something goes wrong: with requests before they are handled, with their answers after they
 * were, with the streams of market data, or with the account's streams.
 */
export type FaultTarget = "requests" | "answers" | "market" | "user";

/** Which streams. */
export type StreamKind = "market" | "user";

/** Something that goes wrong. */
export type PaperFault =
  /** Open streams are closed; clients may open new ones. */
  | { readonly fault: "dropStreams"; readonly streams?: StreamKind | "all" | undefined }
  /** Everything takes longer, until it is set to 0. */
  | { readonly fault: "delay"; readonly target: FaultTarget; readonly ms: number }
  /**
   * Nothing comes: requests or answers are held back until it ends, messages on streams are lost.
   * Without a duration it lasts until everything is cleared.
   */
  | {
    readonly fault: "silence";
    readonly target: FaultTarget;
    readonly durationMs?: number | undefined;
  }
  /** The listen key expires. */
  | { readonly fault: "expireListenKey" }
  /** The next new orders are refused. */
  | {
    readonly fault: "rejectOrders";
    readonly count?: number | undefined;
    /** @default {-1008} */
    readonly code?: number | undefined;
    readonly message?: string | undefined;
  }
  /** The next messages to the account come twice. */
  | { readonly fault: "duplicateUpdates"; readonly count?: number | undefined }
  /** The next messages to the account come after the one that follows. */
  | { readonly fault: "reorderUpdates"; readonly count?: number | undefined }
  /** The next depth updates, of one symbol or of any, are not sent; their ids are missing. */
  | {
    readonly fault: "skipDepthUpdates";
    readonly count?: number | undefined;
    readonly symbol?: string | undefined;
  }
  /** Nothing goes wrong any more. */
  | { readonly fault: "clear" };

/** What goes wrong now. */
export interface ActiveFaults {
  /** Delays, ms, by target. */
  readonly delayMs: Readonly<Record<FaultTarget, number>>;
  /** Targets of which nothing comes. */
  readonly silent: readonly FaultTarget[];
  /** How many orders will be refused. */
  readonly rejectOrders: number;
  /** How many messages to the account will come twice. */
  readonly duplicateUpdates: number;
  /** How many messages to the account will come late. */
  readonly reorderUpdates: number;
  /** How many depth updates will be left out. */
  readonly skipDepthUpdates: number;
}

/** What a fault does beyond what others ask for. */
export interface FaultActions {
  /** Closes streams. */
  dropStreams(streams: StreamKind | "all"): void;
  /** Lets the listen key expire. */
  expireListenKey(): void;
  /** The delay of a kind of stream is now this, ms. */
  delayStreams(streams: StreamKind, ms: number): void;
}

const TARGETS: readonly FaultTarget[] = ["requests", "answers", "market", "user"];
const NAMES = [
  "dropStreams",
  "delay",
  "silence",
  "expireListenKey",
  "rejectOrders",
  "duplicateUpdates",
  "reorderUpdates",
  "skipDepthUpdates",
  "clear",
] as const;
const MAX_MS = 86_400_000;
const MAX_COUNT = 1_000_000;

/** Keeps what is to go wrong. */
export class Faults {
  readonly #actions: () => FaultActions;
  readonly #delayMs: Record<FaultTarget, number> = { requests: 0, answers: 0, market: 0, user: 0 };
  readonly #silences = new Map<FaultTarget, Silence>();
  readonly #pauses = new Set<() => void>();
  #rejection = { count: 0, code: -1008, message: "" };
  #duplicates = 0;
  #reorders = 0;
  #skips = { count: 0, symbol: undefined as string | undefined };
  #isClosed = false;

  /** @param actions What a fault does at once. */
  constructor(actions: () => FaultActions) {
    this.#actions = actions;
  }

  /**
   * Lets something go wrong.
   *
   * @param fault What; it may come from anywhere and is checked.
   * @throws {InvalidInputError} Naming what cannot be used.
   */
  inject(fault: PaperFault): void {
    if (typeof fault !== "object" || fault === null) {
      throw new InvalidInputError("fault", fault, "an object");
    }
    checkOneOf("fault", fault.fault, NAMES);
    switch (fault.fault) {
      case "dropStreams":
        this.#actions().dropStreams(
          checkOneOf("streams", fault.streams ?? "all", ["market", "user", "all"]),
        );
        break;
      case "delay":
        this.#delay(
          checkOneOf("target", fault.target, TARGETS),
          checkNumber("ms", fault.ms, { min: 0, max: MAX_MS }),
        );
        break;
      case "silence":
        this.#silence(
          checkOneOf("target", fault.target, TARGETS),
          fault.durationMs === undefined
            ? undefined
            : checkNumber("durationMs", fault.durationMs, { min: 0, max: MAX_MS }),
        );
        break;
      case "expireListenKey":
        this.#actions().expireListenKey();
        break;
      case "rejectOrders":
        this.#rejection = {
          count: countOf(fault.count),
          code: checkNumber("code", fault.code ?? -1008, { max: -1, integer: true }),
          message: checkText("message", fault.message) ?? "Refused on demand.",
        };
        break;
      case "duplicateUpdates":
        this.#duplicates = countOf(fault.count);
        break;
      case "reorderUpdates":
        this.#reorders = countOf(fault.count);
        break;
      case "skipDepthUpdates":
        this.#skips = {
          count: countOf(fault.count),
          symbol: checkText("symbol", fault.symbol)?.toUpperCase(),
        };
        break;
      case "clear":
        this.clear();
        break;
    }
  }

  /** Nothing goes wrong any more; what was held back goes on. */
  clear(): void {
    for (const target of TARGETS) this.#delay(target, 0);
    for (const target of TARGETS) this.#endSilence(target);
    for (const end of [...this.#pauses]) end();
    this.#rejection.count = 0;
    this.#duplicates = 0;
    this.#reorders = 0;
    this.#skips.count = 0;
  }

  /** As {@linkcode clear}, and for ever. */
  close(): void {
    this.#isClosed = true;
    this.clear();
  }

  /** What goes wrong now. */
  active(): ActiveFaults {
    return {
      delayMs: { ...this.#delayMs },
      silent: [...this.#silences.keys()],
      rejectOrders: this.#rejection.count,
      duplicateUpdates: this.#duplicates,
      reorderUpdates: this.#reorders,
      skipDepthUpdates: this.#skips.count,
    };
  }

  /**
   * Holds a request or an answer back for as long as it is to be.
   *
   * @returns Whether to go on; not if the exchange is closing.
   */
  async pass(target: "requests" | "answers"): Promise<boolean> {
    await this.#silences.get(target)?.over;
    const ms = this.#delayMs[target];
    if (ms > 0) await this.#pause(ms);
    return !this.#isClosed;
  }

  /** Whether nothing is to come of a kind of stream. */
  isSilent(streams: StreamKind): boolean {
    return this.#silences.has(streams);
  }

  /** The refusal of a new order, if it is to be refused. */
  takeRejection(): { readonly code: number; readonly message: string } | undefined {
    if (this.#rejection.count === 0) return undefined;
    this.#rejection.count--;
    return this.#rejection;
  }

  /** Whether a message to the account is to come twice. */
  takesDuplicate(): boolean {
    return this.#duplicates > 0 && this.#duplicates-- > 0;
  }

  /** Whether a message to the account is to come after the next one. */
  takesReorder(): boolean {
    return this.#reorders > 0 && this.#reorders-- > 0;
  }

  /** Whether a depth update is to be left out. */
  skipsDepthUpdate(symbol: string): boolean {
    const { count } = this.#skips;
    if (count === 0 || (this.#skips.symbol ?? symbol) !== symbol) return false;
    this.#skips.count--;
    return true;
  }

  #delay(target: FaultTarget, ms: number): void {
    this.#delayMs[target] = ms;
    if (target === "market" || target === "user") this.#actions().delayStreams(target, ms);
  }

  #silence(target: FaultTarget, durationMs: number | undefined): void {
    this.#endSilence(target);
    const silence = new Silence();
    this.#silences.set(target, silence);
    if (durationMs !== undefined) {
      silence.timer = setTimeout(() => this.#endSilence(target), durationMs);
    }
  }

  #endSilence(target: FaultTarget): void {
    this.#silences.get(target)?.end();
    this.#silences.delete(target);
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#pauses.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#pauses.delete(resolve);
  }
}

/** A time in which nothing comes. */
class Silence {
  readonly over: Promise<void>;
  readonly end: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    this.end = () => {
      clearTimeout(this.timer);
      resolve();
    };
  }
}

function countOf(count: number | undefined): number {
  return checkNumber("count", count ?? 1, { min: 0, max: MAX_COUNT, integer: true });
}

function checkText(field: string, text: string | undefined): string | undefined {
  if (text !== undefined && (typeof text !== "string" || text.length > 200)) {
    throw new InvalidInputError(field, text, "a text of at most 200 characters");
  }
  return text;
}
