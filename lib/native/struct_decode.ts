/**
 * The small structs of the C ABI.
 *
 * @module
 */

import type { ConnectionStatus, StateValues } from "../bot/live_bot.ts";

/** Bytes of a `ConnectionStatus`. */
export const CONNECTION_STATUS_SIZE = 48;

const STATE_VALUES_SIZE = 48;

/** What a `ConnectionStatus` (docs/abi.md) says. */
export function decodeConnectionStatus(view: DataView): ConnectionStatus {
  const lastFeedTimestamp = view.getBigInt64(8, true);
  return {
    attached: view.getUint32(0, true) !== 0,
    registered: view.getUint32(4, true) !== 0,
    lastFeedTimestamp: lastFeedTimestamp === 0n ? undefined : lastFeedTimestamp,
    overflows: Number(view.getBigUint64(16, true)),
    dropped: Number(view.getBigUint64(24, true)),
    malformed: Number(view.getBigUint64(32, true)),
  };
}

/** A copy of the engine's `StateValues` (repr C) at a pointer. */
export function decodeStateValues(pointer: Deno.PointerObject): StateValues {
  const bytes = new Uint8Array(STATE_VALUES_SIZE);
  Deno.UnsafePointerView.copyInto(pointer, bytes);
  const view = new DataView(bytes.buffer);
  return {
    position: view.getFloat64(0, true),
    balance: view.getFloat64(8, true),
    fee: view.getFloat64(16, true),
    numTrades: Number(view.getBigInt64(24, true)),
    tradingVolume: view.getFloat64(32, true),
    tradingValue: view.getFloat64(40, true),
  };
}
