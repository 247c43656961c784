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
  /** Pause before the first restart in a row, ms; each further one doubles it. */
  readonly firstDelayMs: number;
  /** Longest pause, ms. */
  readonly maxDelayMs: number;
  /** Share of a pause that is left to chance, 0 to 1, so that many connectors do not start at once. */
  readonly jitter: number;
  /** Restarts in a row after which the connector is left failed. */
  readonly maxRestarts: number;
  /** Time ready without a break, ms, after which restarts are counted from 0 again. */
  readonly resetAfterMs: number;
}

/** How a run of a connector ended. */
export interface RunEnd {
  /** Whether it failed, rather than ending with code 0 by itself. */
  readonly failed: boolean;
  /** How it ended, for people, such as "exited with code 1". */
  readonly reason: string;
  /** How long it was ready without a break, ms; 0 when it never was. */
  readonly readyMs: number;
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

/** Counts the restarts of one connector, and decides about the next. */
export class RestartPolicy {
  readonly #settings: RestartSettings;
  readonly #random: () => number;
  #restarts = 0;

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

  /** Restarts in a row so far. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Counts from 0 again: someone has asked for a start. */
  reset(): void {
    this.#restarts = 0;
  }

  /**
   * Decides what follows the end of a run.
   *
   * @param end How the run ended.
   * @returns What follows.
   */
  decide(end: RunEnd): RestartDecision {
    const { policy, maxRestarts, resetAfterMs } = this.#settings;
    const { failed, reason, readyMs } = end;
    if (policy === "never" || (policy === "on-failure" && !failed)) {
      return { action: failed ? "fail" : "stop", reason };
    }
    if (readyMs >= resetAfterMs) this.reset();
    if (this.#restarts >= maxRestarts) {
      return { action: "fail", reason: `${reason}, after ${describeRow(this.#settings)}` };
    }
    this.#restarts++;
    return { action: "restart", delayMs: this.#delayMs(), attempt: this.#restarts };
  }

  #delayMs(): number {
    const { firstDelayMs, maxDelayMs, jitter } = this.#settings;
    const full = Math.min(maxDelayMs, firstDelayMs * 2 ** (this.#restarts - 1));
    return Math.round(full * (1 - jitter * this.#random()));
  }
}

function describeRow({ maxRestarts, resetAfterMs }: RestartSettings): string {
  const restarts = maxRestarts === 1 ? "1 restart" : `${maxRestarts} restarts`;
  return `${restarts} without ${resetAfterMs / 1_000} s of being ready`;
}
