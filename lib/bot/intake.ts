/**
 * What a simulated bot makes of the events that it receives.
 *
 * @module
 */

import type { AssetState } from "./asset_state.ts";
import { type EventQueue, QUEUED } from "./event_queue.ts";
import { EventKind } from "./record.ts";
import type { TimeBase } from "./time_base.ts";

// Own constants, for the compiler: see event_queue.ts.
const { doubles: DOUBLES, qty: QTY, words: WORDS, ev: EV, assetAndDetail: ASSET_AND_DETAIL } =
  QUEUED;
const {
  Bbo: BBO,
  Order: ORDER,
  Position: POSITION,
  Error: ERROR,
  BatchStart: BATCH_START,
  BatchEnd: BATCH_END,
  Connection: CONNECTION,
} = EventKind;

/** Takes events in: books, orders, positions and connections follow them. */
export class Intake {
  /** Whether the last event was in a message, or between the marks of a registration's answer. */
  inBatch = false;

  readonly #assets: readonly AssetState[];
  readonly #base: TimeBase;

  /**
   * @param assets What is known, by asset number.
   * @param base What times are counted from.
   */
  constructor(assets: readonly AssetState[], base: TimeBase) {
    this.#assets = assets;
    this.#base = base;
  }

  /** Takes in the event at a place of a queue; one that may have a payload must be at the front. */
  take(queue: EventQueue, place: number): void {
    const { words } = queue;
    const word = place * WORDS;
    const kind = words[word + EV]! & 0xff;
    const assetAndDetail = words[word + ASSET_AND_DETAIL]!;
    const state = this.#assets[assetAndDetail & 0xffff]!;
    if (kind <= BBO) {
      state.applyFeed(queue, place);
      return;
    }
    switch (kind) {
      case ORDER: {
        const { payload } = queue;
        if (payload && "orderId" in payload) {
          state.applyOrder(payload, this.#base.toBigInt(queue.frontLocal));
        }
        break;
      }
      case POSITION:
        state.position = queue.doubles[place * DOUBLES + QTY]!;
        break;
      case BATCH_START:
        this.inBatch = true;
        break;
      case BATCH_END:
        this.inBatch = false;
        break;
      case CONNECTION:
        state.applyConnection(assetAndDetail >>> 16);
        break;
    }
  }
}

/** Whether events of a kind carry a payload. */
export function hasPayload(kind: number): boolean {
  return kind === ORDER || kind === ERROR;
}
