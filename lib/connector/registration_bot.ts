/**
 * Proving that a connector answers and sends market events, with a bot of short life.
 *
 * @module
 */

import { EventBatch } from "../bot/batch.ts";
import { EventKind } from "../bot/record.ts";
import { NativeBot } from "../native/native_bot.ts";
import type { ConnectorChannel } from "./channel/run_channel.ts";
import { Redactor } from "./logs/mod.ts";
import type { RunnerSettings } from "./runner_options.ts";

/** Polls in one turn of the event loop: a flood of events must not hold it up. */
const MAX_POLLS = 8;

/** A symbol with its steps, as the connector is asked for it. */
export interface RegisteredSymbol {
  /** The symbol, as the connector spells it. */
  readonly symbol: string;
  /** Its price step. */
  readonly tickSize: number;
  /** Its quantity step. */
  readonly lotSize: number;
}

/** A bot that registers one symbol and looks what comes. */
export class RegistrationBot implements Disposable {
  readonly #bot: NativeBot;
  readonly #batch = new EventBatch(1024);
  readonly #redactor = new Redactor();
  #inAnswer = false;
  #answered = false;
  #isFresh = false;
  #report: string | undefined;

  /**
   * Makes the bot, which asks the connector for the symbol.
   *
   * @param instrument The symbol.
   * @param settings Which connector.
   * @param channel Its channel.
   * @throws {BotError} If the channel cannot be used.
   */
  constructor(
    instrument: RegisteredSymbol,
    settings: RunnerSettings,
    { sizes: channel }: ConnectorChannel,
  ) {
    const { connectorName: connector, libraryPath } = settings;
    this.#bot = new NativeBot({
      instruments: [{ connector, ...instrument }],
      channel,
      libraryPath,
    });
  }

  /** Whether the connector answered. */
  get isRegistered(): boolean {
    return this.#bot.connection(0).registered;
  }

  /** Whether the market moved since then: the answer's own book may be an old one. */
  get isFresh(): boolean {
    return this.#isFresh;
  }

  /** A reason, with what the connector reported last. */
  explain(reason: string): string {
    return this.#report === undefined ? reason : `${reason}; it reports ${this.#report}`;
  }

  /** Takes what has come. */
  poll(): void {
    this.#answered ||= this.isRegistered;
    for (let polls = 0; polls < MAX_POLLS; polls++) {
      this.#bot.poll(this.#batch);
      for (let i = 0; i < this.#batch.length; i++) this.#take(i);
      if (!this.#batch.more) return;
    }
  }

  /** Leaves the channel. */
  [Symbol.dispose](): void {
    this.#bot.close();
  }

  #take(i: number): void {
    const batch = this.#batch;
    switch (batch.kind(i)) {
      case EventKind.BatchStart:
        this.#inAnswer = batch.detail(i) === 1;
        break;
      case EventKind.BatchEnd:
        this.#answered ||= this.#inAnswer;
        this.#inAnswer = false;
        break;
      case EventKind.Depth:
      case EventKind.Trade:
      case EventKind.Snapshot:
      case EventKind.Bbo:
        if (this.#answered && !this.#inAnswer) this.#isFresh = true;
        break;
      case EventKind.Error: {
        const event = batch.event(i);
        if (event.type === "error") {
          this.#report = `${event.kind}: ${this.#redactor.redact(event.message)}`;
        }
        break;
      }
    }
  }
}
