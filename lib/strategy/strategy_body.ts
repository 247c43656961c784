/**
 * Calls a strategy's functions.
 *
 * @module
 */

import type { EventBatch } from "../bot/batch.ts";
import type { LiveClient } from "../client/live_client.ts";
import { StrategyError, type StrategyPart } from "./errors.ts";
import type { ParamsOf } from "./params.ts";
import type { RunEnd } from "./run_end.ts";
import type { SetupContext, Strategy, StrategyContext } from "./strategy.ts";

/**
 * Calls a strategy's functions, each at its time. None of its methods rejects: what the
 * strategy throws ends the run.
 */
export class StrategyBody<P extends ParamsOf<P>, S> {
  readonly #strategy: Strategy<P, S>;
  readonly #end: RunEnd;
  #context: StrategyContext<P, S> | undefined;

  /**
   * @param strategy The strategy.
   * @param end The end of its run.
   */
  constructor(strategy: Strategy<P, S>, end: RunEnd) {
    this.#strategy = strategy;
    this.#end = end;
  }

  /** Sets it up and lets it work, until it has finished or the run ends. */
  async run(setup: SetupContext<P>): Promise<void> {
    const strategy = this.#strategy;
    await this.#attempt("setup", async () => {
      const state = await strategy.setup?.(setup);
      // Where there is no setup, S is undefined.
      this.#context = { ...setup, state: state as S };
    });
    const context = this.#context;
    if (context === undefined) return;
    if (strategy.run === undefined) return await this.#consume(setup.client, context);
    await this.#attempt("run", () => strategy.run?.(context));
    this.#end.decide("finished");
  }

  /** Lets it clean up, if it was set up. */
  async teardown(): Promise<void> {
    const context = this.#context;
    if (context === undefined) return;
    await this.#attempt("teardown", () => this.#strategy.teardown?.(context));
  }

  /** Takes note of an error in one of its functions. */
  fail(part: StrategyPart, error: unknown): void {
    if (!this.#end.explains(error)) this.#end.fail(new StrategyError(part, error));
  }

  /** Hands it batches, or their events, until the data or the run ends. */
  async #consume(client: LiveClient, context: StrategyContext<P, S>): Promise<void> {
    const strategy = this.#strategy;
    const { signal } = this.#end;
    const [part, handle] = strategy.onEvent !== undefined
      ? ["onEvent", (batch: EventBatch) => this.#eachEvent(batch, context)] as const
      : ["onBatch", (batch: EventBatch) => strategy.onBatch?.(batch, context)] as const;
    try {
      for await (const batch of client.batches({ signal })) {
        try {
          const pending = handle(batch);
          if (pending !== undefined) await pending;
        } catch (error) {
          return this.fail(part, error);
        }
      }
    } catch (error) {
      if (error !== signal.reason) this.#end.fail(error);
    }
  }

  /** Calls `onEvent` for each event, without a turn of the event loop where none is asked for. */
  #eachEvent(
    batch: EventBatch,
    context: StrategyContext<P, S>,
    from = 0,
  ): void | Promise<void> {
    for (let i = from; i < batch.length && !this.#end.signal.aborted; i++) {
      const pending = this.#strategy.onEvent?.(batch.event(i), context);
      if (pending !== undefined) return pending.then(() => this.#eachEvent(batch, context, i + 1));
    }
  }

  async #attempt(part: StrategyPart, work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.fail(part, error);
    }
  }
}
