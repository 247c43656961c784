/**
 * The figures and tables.
 *
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("../../../model/instrument.ts").Instrument} Instrument
 * @typedef {import("../messages.ts").LatencyFigures} LatencyFigures
 */

import { bodyOf, byId, setClass, setRows, setRowsOr, setText } from "./dom.js";
import { age, count, duration, fineClock, stepped } from "./format.js";

const TAPE_ROWS = 25;

/** What each level of health proves. */
const LEVELS = {
  none: "no connector",
  attached: "connector attached",
  registered: "registered, no fresh data",
  fresh: "healthy",
};

/**
 * @param {Model} model
 * @param {Instrument} instrument
 */
export function drawTiles(model, instrument) {
  const { book, orders, overview, asset } = model;
  const { tickSize, lotSize } = instrument;
  const bid = book?.bids[0]?.[0];
  const ask = book?.asks[0]?.[0];
  const spread = bid === undefined || ask === undefined ? undefined : ask - bid;
  setText(byId("bid"), stepped(bid, tickSize));
  setText(byId("ask"), stepped(ask, tickSize));
  setText(byId("spread"), stepped(spread, tickSize));
  const ticks = spread === undefined ? 0 : Math.round(spread / tickSize);
  setText(
    byId("spread-ticks"),
    spread === undefined ? "" : `${ticks} tick${ticks === 1 ? "" : "s"}`,
  );
  const now = overview?.instruments[asset];
  if (overview === undefined || now === undefined) return;
  const { position, count: open } = orders ?? { position: now.position, count: now.openOrders };
  setText(byId("position"), stepped(position, lotSize));
  setClass(byId("position"), "buy", position > 0);
  setClass(byId("position"), "sell", position < 0);
  setText(byId("open-orders"), count(open));
  setText(byId("event-rate"), count(now.eventsPerSecond));
  setText(byId("trade-rate"), count(now.tradesPerSecond));
  setText(byId("feed-age"), age(now.feedAgeMs));
  setClass(byId("feed-age"), "bad", now.level !== "fresh");
  // A book without a feed looks like any other.
  document.body.toggleAttribute("data-stale", now.level !== "fresh");
  const lost = overview.dropped + now.dropped + now.overflows + now.malformed;
  setText(byId("lost"), count(lost));
  setClass(byId("lost"), "bad", lost > 0);
}

/** @param {Model} model */
export function drawOverview({ overview, hello }) {
  if (overview === undefined || hello === undefined) return;
  setRows(
    bodyOf("overview"),
    hello.instruments.flatMap(({ connector, symbol, lotSize }, asset) => {
      const now = overview.instruments[asset];
      if (now === undefined) return [];
      return [[
        [`${connector} ${symbol}`, "text"],
        [
          now.reason ?? LEVELS[now.level],
          now.level === "fresh" ? "text wrap good" : "text wrap bad",
        ],
        age(now.feedAgeMs),
        count(now.eventsPerSecond),
        count(now.events),
        stepped(now.position, lotSize),
        count(now.openOrders),
        loss(now.dropped),
        loss(now.overflows),
        loss(now.malformed),
      ]];
    }),
  );
}

/**
 * A count that ought to be 0.
 *
 * @param {number} value
 * @returns {import("./dom.js").Cell}
 */
function loss(value) {
  return [count(value), value > 0 ? "bad" : ""];
}

/**
 * @param {Model} model
 * @param {Instrument} instrument
 */
export function drawTape({ trades }, { tickSize, lotSize }) {
  // As many rows at all times, so that nothing jumps.
  const rows = Array.from({ length: TAPE_ROWS }, (_, at) => trades[at]);
  setRows(
    bodyOf("tape"),
    rows.map((trade) => {
      if (trade === undefined) return ["", "", "", ""];
      const [timeMs, side, price, qty] = trade;
      return [
        [fineClock(timeMs), "text"],
        [side, `text ${side}`],
        [stepped(price, tickSize), side],
        stepped(qty, lotSize),
      ];
    }),
  );
}

/**
 * @param {Model} model
 * @param {Instrument} instrument
 */
export function drawOrders({ orders }, { tickSize, lotSize }) {
  const { open = [], count: total = 0 } = orders ?? {};
  setText(
    byId("orders-count"),
    open.length < total ? `newest ${open.length} of ${count(total)}` : "",
  );
  setRowsOr(
    bodyOf("orders"),
    open.map(({ id, side, price, qty, leavesQty, timeInForce, status, request }) => [
      [side, `text ${side}`],
      stepped(price, tickSize),
      stepped(leavesQty, lotSize),
      stepped(qty, lotSize),
      [timeInForce, "text"],
      [request === "none" ? status : `${status}, ${request} asked`, "text"],
      [id, "text id"],
    ]),
    { columns: 7, empty: "No own order is open." },
  );
}

/**
 * @param {Model} model
 * @param {Instrument} instrument
 */
export function drawFills({ fills }, { tickSize, lotSize }) {
  setRowsOr(
    bodyOf("fills"),
    fills.map(([timeMs, side, price, qty, maker, orderId]) => [
      [fineClock(timeMs), "text"],
      [side, `text ${side}`],
      stepped(price, tickSize),
      stepped(qty, lotSize),
      [maker ? "maker" : "taker", "text"],
      [orderId, "text id"],
    ]),
    { columns: 6, empty: "No own order was filled yet." },
  );
}

/** @param {Model} model */
export function drawLatencyFigures({ latency }) {
  const text = (/** @type {LatencyFigures | undefined} */ figures) =>
    figures?.p50 === null || figures === undefined
      ? "none lately"
      : `p50 ${duration(figures.p50)}, p99 ${duration(figures.p99)}, max ${duration(figures.max)}`;
  setText(byId("feed-figures"), text(latency?.feed));
  setText(byId("order-figures"), text(latency?.order));
}
