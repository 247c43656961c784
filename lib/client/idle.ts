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
/** How long "backoff" looks before it sleeps: so many mean gaps between events. */
const PATIENCE_GAPS = 5;
/** How much of the mean the last gap is. */
const GAP_WEIGHT = 1 / 4;
/** Longest that "backoff" looks, ms: a market of 1,000 events/s does not send it to sleep. */
const MAX_PATIENCE_MS = 5;
/** How long it looks after an event that came out of a quiet time, ms. */
const MIN_PATIENCE_MS = 0.1;
/** How long it must have slept for the time to count as quiet, ms. */
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
  readonly #sleeps: boolean;
  #turns = 0;
  #meanGapMs = MAX_PATIENCE_MS / PATIENCE_GAPS;
  #sleepMs = FIRST_SLEEP_MS;
  /** When something happened last. */
  #busyAt: number;
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
    this.#sleeps = name === "backoff";
    this.#busyAt = this.#now();
  }

  /** Most polls that the next turn makes. */
  get polls(): number {
    const looks = this.#turns < this.#spins && this.#asleepSince === undefined;
    return looks ? this.#maxPolls : 1;
  }

  /** Tells that a turn found something. */
  busy(): void {
    if (!this.#sleeps) {
      this.#turns = 0;
      return;
    }
    const now = this.#now();
    const wasQuiet = this.#asleepSince !== undefined && now - this.#asleepSince > QUIET_MS;
    const gapMs = now - this.#busyAt;
    this.#meanGapMs = wasQuiet ? 0 : this.#meanGapMs + GAP_WEIGHT * (gapMs - this.#meanGapMs);
    this.#restart(now);
  }

  /** Tells that something is about to happen: look as hard as possible. */
  expect(): void {
    this.#meanGapMs = MAX_PATIENCE_MS / PATIENCE_GAPS;
    this.#restart(this.#now());
  }

  /**
   * Tells that a turn found nothing.
   *
   * @returns How long to sleep before the next, in ms; 0 to only let the event loop turn.
   */
  idle(): number {
    this.#turns++;
    if (!this.#sleeps) return 0;
    const now = this.#now();
    const patienceMs = Math.max(PATIENCE_GAPS * this.#meanGapMs, MIN_PATIENCE_MS);
    if (now - this.#busyAt < Math.min(patienceMs, MAX_PATIENCE_MS)) return 0;
    this.#asleepSince ??= now;
    const sleepMs = Math.min(this.#sleepMs, this.#maxSleepMs);
    this.#sleepMs = sleepMs * 2;
    return sleepMs;
  }

  #restart(now: number): void {
    this.#turns = 0;
    this.#sleepMs = FIRST_SLEEP_MS;
    this.#busyAt = now;
    this.#asleepSince = undefined;
  }
}
