/**
 * The books of a paper exchange.
 *
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("../messages.ts").ExchangePart} ExchangePart
 */

import { bodyOf, byId, setRowsOr, setText, show } from "./dom.js";
import { count, money, plain } from "./format.js";

const COLUMNS = 9;

/** @param {Model} model */
export function drawExchange({ exchange }) {
  if (exchange === undefined) return;
  setText(byId("exchange-figures"), figures(exchange));
  const troubles = [
    ...exchange.failure === null ? [] : [`It does not answer: ${exchange.failure}`],
    ...exchange.faults.length === 0 ? [] : [`Faults on demand: ${exchange.faults.join(", ")}`],
  ];
  show(byId("exchange-trouble"), troubles.length > 0);
  setText(byId("exchange-trouble"), troubles.join(". "));
  setRowsOr(
    bodyOf("exchange"),
    exchange.symbols.map((row) => [
      [row.symbol, "text"],
      [plain(row.position), signed(row.position)],
      plain(row.entryPrice),
      plain(row.markPrice),
      [money(row.profit), row.profit < 0 ? "bad" : ""],
      money(row.fees),
      count(row.fills),
      plain(row.volume),
      count(row.openOrders),
    ]),
    { columns: COLUMNS, empty: "It lists nothing." },
  );
}

/** @param {ExchangePart} exchange */
function figures({ market, equity, marketStreams, userStreams, requests, refused, lost }) {
  return [
    `market ${market}`,
    `equity ${money(equity)}`,
    `streams ${marketStreams} market, ${userStreams} account`,
    `${count(requests)} requests, ${count(refused)} refused`,
    `${count(lost)} messages lost`,
  ].join(" · ");
}

/** @param {number} position */
function signed(position) {
  return position > 0 ? "buy" : position < 0 ? "sell" : "";
}
