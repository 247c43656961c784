/**
 * The end of a run: decided once, for one reason.
 *
 * @module
 */

import { OrderUnknownError } from "../client/errors.ts";
import { BotError } from "../model/errors.ts";
import type { RunEndReason } from "./report/figures.ts";

/** Decides once why a run ends, and tells all who follow its signal. */
export class RunEnd {
  /** What the signal is aborted with. */
  readonly cause: DOMException = new DOMException("The run has ended", "AbortError");
  readonly #controller = new AbortController();
  readonly #decided = Promise.withResolvers<void>();
  #reason: RunEndReason | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** Aborted when the strategy is to end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Resolves when the end is decided. */
  get decided(): Promise<void> {
    return this.#decided.promise;
  }

  /** Why it ends; undefined while it does not. */
  get reason(): RunEndReason | undefined {
    return this.#failure ? "failed" : this.#reason;
  }

  /** What failed first; undefined if nothing did. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Decides that it ends, if that is not decided yet; the strategy may still finish its work. */
  decide(reason: RunEndReason): void {
    this.#reason ??= reason;
    this.#decided.resolve();
  }

  /** Decides that it ends, if that is not decided yet, and ends it at once. */
  now(reason: RunEndReason): void {
    this.decide(reason);
    this.#controller.abort(this.cause);
  }

  /** Ends it at once with a failure; only the first one counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.now("failed");
  }

  /** Whether an error only tells that the run has ended. */
  explains(error: unknown): boolean {
    if (error === this.cause) return true;
    // Without data there are no answers any more.
    return this.#reason === "endOfData" &&
      (error instanceof OrderUnknownError ||
        error instanceof BotError && error.reason === "endOfData");
  }
}
