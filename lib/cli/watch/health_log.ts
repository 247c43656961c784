/**
 * Tells an operator how each instrument's connection comes and goes.
 *
 * @module
 */

import type { HealthLevel, InstrumentHealth } from "../../client/health.ts";

/** A line about an instrument's health. */
export interface HealthNotice {
  /** What happened. */
  readonly text: string;
  /** Whether it is for the better. */
  readonly good: boolean;
}

/** Compares the health of instruments with what was last seen of them. */
export class HealthLog {
  readonly #levels = new Map<number, HealthLevel>();
  #everRegistered = false;

  /** Whether any instrument was ever registered. */
  get everRegistered(): boolean {
    return this.#everRegistered;
  }

  /**
   * Takes note of what is proven now.
   *
   * @param instruments What is proven now.
   * @returns What has changed since the last call.
   */
  notices(instruments: readonly InstrumentHealth[]): HealthNotice[] {
    return instruments.flatMap((health) => {
      const { asset, level } = health;
      const before = this.#levels.get(asset) ?? "none";
      this.#levels.set(asset, level);
      if (level === "registered" || level === "fresh") this.#everRegistered = true;
      return level === before ? [] : [notice(health, before)];
    });
  }
}

function notice(health: InstrumentHealth, before: HealthLevel): HealthNotice {
  const { connector, symbol, level, reason } = health;
  const who = `${connector} ${symbol}`;
  switch (level) {
    case "fresh":
      return { text: `${who}: healthy, market data comes in`, good: true };
    case "registered":
      if (before === "fresh") return { text: `${who}: connection lost, ${reason}`, good: false };
      return { text: `${who}: registered, waiting for market data`, good: true };
    case "attached":
      if (before === "none") return { text: `${who}: connector attached, registering`, good: true };
      return { text: `${who}: connection lost, ${reason}`, good: false };
    case "none":
      return { text: `${who}: connection lost, ${reason}`, good: false };
  }
}
