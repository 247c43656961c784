/**
 * When the stub's connectors go, and when others take their places.
 *
 * @module
 */

import type { StubAsset } from "./settings.ts";
import type { StubOutage } from "./options.ts";

/** A connector goes, or another one comes. */
export interface OutageChange {
  /** Whether it goes. */
  readonly goes: boolean;
  /** Asset numbers of its instruments. */
  readonly assets: readonly number[];
}

/** The changes of all outages, in order of time. */
export class Outages {
  /** When something changes next; Infinity when nothing will. */
  nextTime: number = Infinity;

  readonly #changes: (OutageChange & { time: number })[];

  /**
   * @param outages Checked outages.
   * @param assets What is traded.
   */
  constructor(outages: readonly StubOutage[], assets: readonly StubAsset[]) {
    this.#changes = outages.flatMap(({ startNs, durationNs, connector }) => {
      const affected = assets.flatMap(({ instrument }, asset) =>
        connector === undefined || connector === instrument.connector ? [asset] : []
      );
      return [
        { time: startNs, goes: true, assets: affected },
        { time: startNs + durationNs, goes: false, assets: affected },
      ];
    }).sort((a, b) => a.time - b.time);
    this.#schedule();
  }

  /** Takes the next change. */
  shift(): OutageChange | undefined {
    const change = this.#changes.shift();
    this.#schedule();
    return change;
  }

  /** Lowers all times, because the time base moves up by as much. */
  rebase(byNs: number): void {
    for (const change of this.#changes) change.time -= byNs;
    this.#schedule();
  }

  #schedule(): void {
    this.nextTime = this.#changes[0]?.time ?? Infinity;
  }
}
