/**
 * Timers by a bot's clock.
 *
 * @module
 */

import { InvalidInputError } from "../model/errors.ts";
import type { StrategyTimer } from "./strategy.ts";

interface Repeat {
  readonly intervalNs: bigint;
  readonly body: () => void | Promise<void>;
  due: bigint;
  busy: boolean;
}

interface Sleep {
  readonly due: bigint;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** What a {@linkcode Timers} asks and tells. */
export interface TimersOptions {
  /** The bot's clock, ns since the Unix epoch. */
  now(): bigint;
  /** Is told what a repeated call threw. */
  onError(error: unknown): void;
}

/**
 * Timers that go off when they are looked at: after each poll, so that they follow the bot's
 * clock whatever its pace.
 */
export class Timers {
  readonly #options: TimersOptions;
  readonly #repeats = new Set<Repeat>();
  readonly #sleeps = new Set<Sleep>();
  #ended: { readonly reason: unknown } | undefined;

  /** @param options The clock, and whom to tell of errors. */
  constructor(options: TimersOptions) {
    this.#options = options;
  }

  /** Calls a function again and again; see `SetupContext.every`. */
  every(intervalNs: number, body: () => void | Promise<void>): StrategyTimer {
    if (!(Number.isFinite(intervalNs) && intervalNs >= 1)) {
      throw new InvalidInputError("intervalNs", intervalNs, "a number of at least 1");
    }
    const interval = BigInt(Math.round(intervalNs));
    const due = this.#options.now() + interval;
    const repeat: Repeat = { intervalNs: interval, body, due, busy: false };
    if (this.#ended === undefined) this.#repeats.add(repeat);
    const cancel = (): void => void this.#repeats.delete(repeat);
    return { cancel, [Symbol.dispose]: cancel };
  }

  /** Waits; see `SetupContext.sleep`. */
  sleep(durationNs: number): Promise<void> {
    if (!(Number.isFinite(durationNs) && durationNs >= 0)) {
      throw new InvalidInputError("durationNs", durationNs, "a number of at least 0");
    }
    if (this.#ended !== undefined) return Promise.reject(this.#ended.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // The end of a run is no failure of a strategy that does not await its sleep.
    promise.catch(() => {});
    const due = this.#options.now() + BigInt(Math.round(durationNs));
    this.#sleeps.add({ due, resolve, reject });
    return promise;
  }

  /** Lets go off what is due. */
  check(): void {
    if (this.#repeats.size === 0 && this.#sleeps.size === 0) return;
    const now = this.#options.now();
    for (const sleep of this.#sleeps) {
      if (sleep.due > now) continue;
      this.#sleeps.delete(sleep);
      sleep.resolve();
    }
    for (const repeat of this.#repeats) {
      if (repeat.due > now || repeat.busy) continue;
      // The grid stays where it was, however late this call is.
      repeat.due += ((now - repeat.due) / repeat.intervalNs + 1n) * repeat.intervalNs;
      this.#call(repeat);
    }
  }

  /** Ends all; those who sleep are told why. */
  end(reason: unknown): void {
    this.#ended = { reason };
    this.#repeats.clear();
    for (const sleep of this.#sleeps) sleep.reject(reason);
    this.#sleeps.clear();
  }

  #call(repeat: Repeat): void {
    const { onError } = this.#options;
    try {
      const running = repeat.body();
      if (running === undefined) return;
      repeat.busy = true;
      running.then(() => repeat.busy = false, onError);
    } catch (error) {
      onError(error);
    }
  }
}
