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
/** Further idle turns of one poll each before "backoff" sleeps. */
const YIELD_TURNS = 300;
const FIRST_SLEEP_MS = 1;

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
}

/** Counts the turns that found nothing and tells how hard to go on looking. */
export class IdleStrategy {
  readonly #maxPolls: number;
  readonly #maxSleepMs: number;
  readonly #spins: number;
  readonly #sleeps: boolean;
  #turns = 0;
  #sleepMs = FIRST_SLEEP_MS;

  /**
   * @param name Which strategy.
   * @param options Its limits.
   */
  constructor(name: IdleStrategyName, options: IdleStrategyOptions) {
    this.#maxPolls = options.maxPollsPerTurn;
    this.#maxSleepMs = options.maxSleepMs;
    this.#spins = SPINS[name];
    this.#sleeps = name === "backoff";
  }

  /** Most polls that the next turn makes. */
  get polls(): number {
    return this.#turns < this.#spins ? this.#maxPolls : 1;
  }

  /** Tells that something happened: look again as hard as possible. */
  reset(): void {
    this.#turns = 0;
    this.#sleepMs = FIRST_SLEEP_MS;
  }

  /**
   * Tells that a turn found nothing.
   *
   * @returns How long to sleep before the next, in ms; 0 to only let the event loop turn.
   */
  idle(): number {
    this.#turns++;
    if (!this.#sleeps || this.#turns <= SPIN_TURNS + YIELD_TURNS) return 0;
    const sleepMs = Math.min(this.#sleepMs, this.#maxSleepMs);
    this.#sleepMs = sleepMs * 2;
    return sleepMs;
  }
}
