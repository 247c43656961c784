/**
 * Layout of a batch: a 64-byte header, then 64-byte records.
 *
 * A market record is upstream's own `Event` (ev, exch_ts, local_ts, px, qty,
 * order_id, ival, fval; hftbacktest/src/types.rs) whose upper half of `ev`,
 * always zero upstream, carries the asset number. Other records use the same
 * slots. docs/abi.md has the table; `hftlive_abi` reports the native side's
 * numbers, and a test holds the two against each other.
 *
 * @module
 */

/** Version of the layout and of the `hftlive_*` functions. */
export const ABI_VERSION = 1;

/** Bytes of a record, and of the header before the first one. */
export const RECORD_SIZE = 64;

/** Byte offsets in the header. */
export const HEADER = {
  /** i64: when the batch was filled, ns since the Unix epoch. */
  timestamp: 0,
  /** u32: records that follow. */
  length: 8,
  /** u32: see {@linkcode HEADER_FLAGS}. */
  flags: 12,
  /** u32: error texts that belong to this batch's error records. */
  messages: 16,
} as const;

/** Bits of the header's flags. */
export const HEADER_FLAGS = {
  /** The batch is full and more events are waiting. */
  more: 1,
} as const;

/** Byte offsets in a record. */
export const RECORD = {
  /** u32: kind in the low byte, side in bits 28 and 29, upstream's other flags as they came. */
  ev: 0,
  /** u8, order records: time in force. */
  timeInForce: 1,
  /** u8, order records: order type in bits 0 to 6, maker in bit 7. */
  orderType: 2,
  /** u16: asset number; {@linkcode NO_ASSET} for none. */
  asset: 4,
  /** u8: order status, error kind, connection state, overflow cause; 1 in a mark = registration. */
  detail: 6,
  /** u8, order records: request status. */
  request: 7,
  /** i64: exchange time, ns. */
  exchTimestamp: 8,
  /** i64: local receive time, ns; not in order records. */
  localTimestamp: 16,
  /** f64, order records: price of the last execution. */
  execPrice: 16,
  /** f64: price. */
  price: 24,
  /** f64: quantity, position, or number of events lost. */
  qty: 32,
  /** u64: order id; in error records the index of the text in this batch. */
  orderId: 40,
  /** f64, order records: quantity still open. */
  leavesQty: 48,
  /** i64, error records: the connector's own code. */
  errorCode: 48,
  /** f64, order records: quantity of the last execution. */
  execQty: 56,
} as const;

/** Flag in `ev`: buy side (upstream's BUY_EVENT). */
export const BUY_FLAG: number = 1 << 29;
/** Flag in `ev`: sell side (upstream's SELL_EVENT). */
export const SELL_FLAG: number = 1 << 28;
/** Flag in `ev`: valid for the local processor (upstream's LOCAL_EVENT). */
export const LOCAL_FLAG: number = 1 << 30;
/** Flag in `ev`: valid for the exchange processor (upstream's EXCH_EVENT), as an unsigned number. */
export const EXCH_FLAG = 0x8000_0000;

/** Asset number of a record that belongs to no instrument. */
export const NO_ASSET = 0xffff;

/** Kinds of record. 1 to 5 are upstream's event kinds, 32 and above hftlive's. */
export const EventKind = {
  /** One level of the book changed. */
  Depth: 1,
  /** A trade. */
  Trade: 2,
  /** The book was emptied. */
  DepthClear: 3,
  /** One level of a whole book. */
  Snapshot: 4,
  /** Best bid or best offer changed. */
  Bbo: 5,
  /** An order response. */
  Order: 32,
  /** A position. */
  Position: 33,
  /** Trouble that a connector reported. */
  Error: 34,
  /** Start of events that belong together. */
  BatchStart: 35,
  /** End of events that belong together. */
  BatchEnd: 36,
  /** The way to the connector changed. */
  Connection: 37,
  /** Events were, or may have been, lost. */
  Overflow: 38,
} as const;

/** A number from {@linkcode EventKind}. */
export type EventKind = typeof EventKind[keyof typeof EventKind];
