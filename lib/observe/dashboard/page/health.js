/**
 * Whether all is well, in the head of the page and in its title.
 *
 * @typedef {import("./model.js").Model} Model
 */

import { byId, setClass, setText } from "./dom.js";

/** States in words that do not change while the state does not. */
const STATES = /** @type {Record<string, string>} */ ({ backingOff: "backing off" });

/** @param {Model} model */
export function drawHealth(model) {
  const isLost = document.body.dataset.state === "lost";
  const troubles = isLost ? ["the dashboard does not answer, these figures are old"] : of(model);
  const text = troubles === undefined
    ? ""
    : troubles.length === 0
    ? goodNews(model)
    : `Not healthy: ${troubles.join("; ")}`;
  const isBad = troubles !== undefined && troubles.length > 0;
  setText(byId("health"), text);
  setClass(byId("health"), "good", text !== "" && !isBad);
  setClass(byId("health"), "bad", isBad);
  const symbol = model.hello?.instruments[model.asset]?.symbol;
  const title = [...isBad ? ["!"] : [], ...symbol ? [symbol, "·"] : [], "hftlive"].join(" ");
  if (document.title !== title) document.title = title;
}

/**
 * What is not well; undefined before anything is known.
 *
 * @param {Model} model
 */
function of({ overview, connectors, exchange }) {
  if (overview === undefined && connectors === undefined && exchange === undefined) return;
  const { failure = null, connectors: rows = [] } = connectors ?? {};
  return [
    ...overview === undefined || overview.healthy ? [] : [overview.reason ?? "no reason is known"],
    ...failure === null ? [] : ["the supervisor does not answer"],
    ...failure === null ? rows.filter(({ state }) => state !== "ready").map(stateOf) : [],
    ...exchange === undefined || exchange.failure === null
      ? []
      : ["the paper exchange does not answer"],
  ];
}

/** @param {import("../messages.ts").ConnectorRow} row */
function stateOf({ name, state, lastFailure }) {
  const why = state === "backingOff" || state === "failed" ? `, ${lastFailure}` : "";
  return `${name} is ${STATES[state] ?? state}${why}`;
}

/** @param {Model} model */
function goodNews({ overview, connectors, hello }) {
  if (overview !== undefined) {
    return (hello?.instruments.length ?? 0) > 1
      ? "All instruments are healthy: market data comes in"
      : "Healthy: market data comes in";
  }
  if (connectors === undefined) return "The paper exchange answers";
  const { length } = connectors.connectors;
  if (length === 0) return "There is no connector";
  return length === 1 ? "The connector is ready" : `All ${length} connectors are ready`;
}
