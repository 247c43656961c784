/**
 * What a pump does while nothing happens, chosen by name.
 *
 * @module
 */

/** Names of the idle strategies, as Agrona and Aeron use them. */
export type IdleStrategyName = "busySpin" | "yielding" | "backoff";

/** All names, for checks and help texts. */
export const IDLE_STRATEGIES: readonly IdleStrategyName[] = ["busySpin", "yielding", "backoff"];

/** Idle turns of many polls each before a strategy other than "busySpin" polls once a turn. */
const SPIN_TURNS = 50;
/** Idle turns before "backoff" sleeps while the market is lively: some 3 ms, most with one poll each. */
const MAX_PATIENCE = 350;
/** The same after an event that came out of a quiet time; doubled by each event that follows. */
const MIN_PATIENCE = 8;
/** How long "backoff" must have slept for the time to count as quiet. */
const QUIET_MS = 5;
/** The first sleep: with the lateness of a timer, an event waits for 2 ms at most. */
const FIRST_SLEEP_MS = 1.7;

const SPINS: Record<IdleStrategyName, number> = {
  busySpin: Infinity,
  yielding: SPIN_TURNS,
  backoff: SPIN_TURNS,
};

/** How much of an {@linkcode IdleStrategy} can be chosen. */
export interface IdleStrategyOptions {
  /** Most polls in one turn. */
  readonly maxPollsPerTurn: number;
  /** Longest sleep of "backoff", in ms. */
  readonly maxSleepMs: number;
  /**
   * A clock, ms.
   *
   * @default performance.now
   */
  readonly now?: () => number;
}

/**
 * Counts the turns that found nothing and tells how hard to go on looking.
 *
 * How long "backoff" looks before it sleeps depends on what it has seen: where events follow each
 * other it does not sleep in between, and a lone one does not cost it milliseconds of looking.
 */
export class IdleStrategy {
  readonly #maxPolls: number;
  readonly #maxSleepMs: number;
  readonly #now: () => number;
  readonly #spins: number;
  readonly #maxPatience: number;
  #turns = 0;
  #patience: number;
  #sleepMs = FIRST_SLEEP_MS;
  /** When the first sleep in a row began. */
  #asleepSince: number | undefined;

  /**
   * @param name Which strategy.
   * @param options Its limits.
   */
  constructor(name: IdleStrategyName, options: IdleStrategyOptions) {
    this.#maxPolls = options.maxPollsPerTurn;
    this.#maxSleepMs = options.maxSleepMs;
    this.#now = options.now ?? (() => performance.now());
    this.#spins = SPINS[name];
    this.#maxPatience = name === "backoff" ? MAX_PATIENCE : Infinity;
    this.#patience = this.#maxPatience;
  }

  /** Most polls that the next turn makes. */
  get polls(): number {
    return this.#turns < Math.min(this.#spins, this.#patience) ? this.#maxPolls : 1;
  }

  /** Tells that a turn found something. */
  busy(): void {
    const since = this.#asleepSince;
    const wasQuiet = since !== undefined && this.#now() - since > QUIET_MS;
    this.#patience = wasQuiet ? MIN_PATIENCE : Math.min(2 * this.#patience, this.#maxPatience);
    this.#restart();
  }

  /** Tells that something is about to happen: look as hard as possible. */
  expect(): void {
    this.#patience = this.#maxPatience;
    this.#restart();
  }

  /**
   * Tells that a turn found nothing.
   *
   * @returns How long to sleep before the next, in ms; 0 to only let the event loop turn.
   */
  idle(): number {
    this.#turns++;
    if (this.#turns <= this.#patience) return 0;
    this.#asleepSince ??= this.#now();
    const sleepMs = Math.min(this.#sleepMs, this.#maxSleepMs);
    this.#sleepMs = sleepMs * 2;
    return sleepMs;
  }

  #restart(): void {
    this.#turns = 0;
    this.#sleepMs = FIRST_SLEEP_MS;
    this.#asleepSince = undefined;
  }
}
