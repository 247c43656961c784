/**
 * The order book: asks above, bids below, the best in the middle. It always has as many rows, so that
 * nothing jumps.
 *
 * @typedef {import("../messages.ts").BookPart} BookPart
 * @typedef {import("../messages.ts").Level} Level
 * @typedef {import("../messages.ts").OrdersPart} OrdersPart
 * @typedef {import("../../../model/instrument.ts").Instrument} Instrument
 */

import { bodyOf, byId, setRows, setText } from "./dom.js";
import { stepped } from "./format.js";

const ROWS = 12;

/**
 * @param {BookPart | undefined} book
 * @param {OrdersPart | undefined} orders
 * @param {Instrument} instrument
 */
export function drawLadder(book, orders, instrument) {
  const bids = withSums(book?.bids ?? []);
  const asks = withSums(book?.asks ?? []);
  const most = Math.max(bids.at(-1)?.sum ?? 0, asks.at(-1)?.sum ?? 0);
  const own = ownQuantities(orders, instrument);
  const sides = /** @type {const} */ ([["bids", bids, "buy"], ["asks", asks, "sell"]]);
  for (const [id, levels, side] of sides) {
    const rows = Array.from({ length: ROWS }, (_, at) => levels[at]);
    if (id === "asks") rows.reverse();
    const body = bodyOf(id);
    setRows(body, rows.map((level) => cells(level, own, side, instrument)));
    rows.forEach((level, at) => {
      const share = level === undefined || most === 0 ? 0 : level.sum / most * 100;
      body.rows[at]?.style.setProperty("--share", `${share.toFixed(1)}%`);
    });
  }
  const [bid] = book?.bids ?? [];
  const [ask] = book?.asks ?? [];
  const { tickSize } = instrument;
  const middle = bid === undefined || ask === undefined
    ? "-"
    : `mid ${stepped((bid[0] + ask[0]) / 2, tickSize / 10)} · spread ${
      stepped(ask[0] - bid[0], tickSize)
    }`;
  setText(byId("middle"), middle);
}

/**
 * @param {{ price: number, qty: number, sum: number } | undefined} level
 * @param {Map<string, number>} own
 * @param {"buy" | "sell"} side
 * @param {Instrument} instrument
 * @returns {import("./dom.js").Cell[]}
 */
function cells(level, own, side, { tickSize, lotSize }) {
  if (level === undefined) return ["", "", "", ""];
  const price = stepped(level.price, tickSize);
  const mine = own.get(`${side} ${price}`);
  return [
    mine === undefined ? "" : [stepped(mine, lotSize), "own"],
    price,
    stepped(level.qty, lotSize),
    stepped(level.sum, lotSize),
  ];
}

/** @param {readonly Level[]} levels */
function withSums(levels) {
  let sum = 0;
  return levels.map(([price, qty]) => ({ price, qty, sum: sum += qty }));
}

/**
 * Open quantity of own orders by side and price.
 *
 * @param {OrdersPart | undefined} orders
 * @param {Instrument} instrument
 */
function ownQuantities(orders, { tickSize }) {
  const own = new Map();
  for (const { side, price, leavesQty } of orders?.open ?? []) {
    const key = `${side} ${stepped(price, tickSize)}`;
    own.set(key, (own.get(key) ?? 0) + leavesQty);
  }
  return own;
}
