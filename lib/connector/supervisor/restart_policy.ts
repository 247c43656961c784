/**
 * Whether, and after how long, a connector that has ended is started again. Pure: it knows no
 * clock and no process.
 *
 * @module
 */

/** Which ends of a connector are followed by a restart. */
export const RESTART_POLICIES = ["never", "on-failure", "always"] as const;

/** Which ends of a connector are followed by a restart; none that was asked for is. */
export type RestartPolicyName = typeof RESTART_POLICIES[number];

/** How a connector is restarted. */
export interface RestartSettings {
  /** Which ends are followed by a restart. */
  readonly policy: RestartPolicyName;
  /** Pause before the first restart of a window, ms; each further one doubles it. */
  readonly firstDelayMs: number;
  /** Longest pause, ms. */
  readonly maxDelayMs: number;
  /** Share of a pause that is left to chance, 0 to 1, so that many connectors do not start at once. */
  readonly jitter: number;
  /** Restarts in a window that were the connector's own fault, after which it is left failed. */
  readonly maxRestarts: number;
  /** How far the window reaches back, ms. */
  readonly windowMs: number;
}

/**
 * What made a run end: the connector itself, or an exchange that it gets nothing from. An exchange
 * comes back by itself, so that its absence never uses up the restarts.
 */
export type RunEndCause = "connector" | "exchange";

/** How a run of a connector ended. */
export interface RunEnd {
  /** Whether it failed, rather than ending with code 0 by itself. */
  readonly failed: boolean;
  /** How it ended, for people, such as "exited with code 1". */
  readonly reason: string;
  /** What made it end. */
  readonly cause: RunEndCause;
}

/** What follows the end of a run. */
export type RestartDecision =
  /** It is started again. */
  | { readonly action: "restart"; readonly delayMs: number; readonly attempt: number }
  /** It ended by itself, and stays so. */
  | { readonly action: "stop"; readonly reason: string }
  /** It is given up. */
  | { readonly action: "fail"; readonly reason: string };

/** Longest time that a timer can be set to, ms. */
export const MAX_DELAY_MS: number = 2 ** 31 - 1;

/** Counts the restarts of one connector in a sliding window, and decides about the next. */
export class RestartPolicy {
  readonly #settings: RestartSettings;
  readonly #random: () => number;
  /** The restarts in the window, the oldest first. */
  #restarts: { readonly at: number; readonly cause: RunEndCause }[] = [];

  /**
   * Makes a policy for one connector.
   *
   * @param settings What it allows.
   * @param random Gives numbers from 0 to 1, 1 excluded.
   */
  constructor(settings: RestartSettings, random: () => number = Math.random) {
    this.#settings = settings;
    this.#random = random;
  }

  /** Counts from 0 again: someone has asked for a start. */
  reset(): void {
    this.#restarts = [];
  }

  /**
   * Decides what follows the end of a run.
   *
   * @param end How the run ended.
   * @param now When, ms on a clock that is never set.
   * @returns What follows.
   */
  decide(end: RunEnd, now: number): RestartDecision {
    const { policy, maxRestarts, windowMs } = this.#settings;
    const { failed, reason, cause } = end;
    if (policy === "never" || (policy === "on-failure" && !failed)) {
      return { action: failed ? "fail" : "stop", reason };
    }
    this.#restarts = this.#restarts.filter(({ at }) => now - at < windowMs);
    const own = this.#restarts.filter((restart) => restart.cause === "connector").length;
    if (cause === "connector" && own >= maxRestarts) {
      return { action: "fail", reason: `${reason}, after ${describeLimit(this.#settings)}` };
    }
    this.#restarts.push({ at: now, cause });
    const attempt = this.#restarts.length;
    return { action: "restart", delayMs: this.#delayMs(attempt), attempt };
  }

  #delayMs(attempt: number): number {
    const { firstDelayMs, maxDelayMs, jitter } = this.#settings;
    const full = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
    return Math.round(full * (1 - jitter * this.#random()));
  }
}

function describeLimit({ maxRestarts, windowMs }: RestartSettings): string {
  const restarts = maxRestarts === 1 ? "1 restart" : `${maxRestarts} restarts`;
  return `${restarts} in ${windowMs / 1_000} s`;
}
