/**
 * The connectors.
 *
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("../messages.ts").ConnectorRow} ConnectorRow
 */

import { ask } from "./controls.js";
import { bodyOf, byId, setRowsOr, setText, show } from "./dom.js";
import { age, count } from "./format.js";

const COLUMNS = 9;

/** @param {Model} model */
export function drawConnectors({ connectors, timeMs }) {
  if (connectors === undefined) return;
  const { failure, droppedLines } = connectors;
  const notes = [
    ...failure === null ? [] : [`The supervisor does not answer: ${failure}`],
    ...droppedLines === 0
      ? []
      : [`${count(droppedLines)} lines of output came too fast to be shown`],
  ];
  show(byId("supervisor"), notes.length > 0);
  setText(byId("supervisor"), notes.join(". "));
  const body = bodyOf("connectors");
  setRowsOr(
    body,
    connectors.connectors.map((row) => [
      [row.name, "text"],
      // What a supervisor said that does not answer any more proves nothing.
      failure === null
        ? [row.text, `text wrap ${toneOf(row.state)}`]
        : ["unknown", "text wrap bad"],
      age(timeMs - row.sinceMs),
      [count(row.restarts), row.restarts > 0 ? "warn" : ""],
      row.pid === null ? "-" : String(row.pid),
      [row.network ?? "-", row.network === "main" || row.network === "mixed" ? "text bad" : "text"],
      [feedText(row), "text wrap"],
      [row.lastFailure ?? "-", "text wrap"],
    ]),
    { columns: COLUMNS, empty: "There is no connector." },
  );
  connectors.connectors.forEach(({ name }, at) => addControls(body.rows[at], name));
}

/** @param {string} state */
function toneOf(state) {
  if (state === "ready") return "good";
  if (state === "failed" || state === "silent") return "bad";
  return state === "stopped" ? "dim" : "warn";
}

/** @param {ConnectorRow} row */
function feedText({ feeds }) {
  if (feeds.length === 0) return "-";
  return feeds.map(({ symbol, ageMs }) => `${symbol} ${ageMs === null ? "none" : age(ageMs)}`)
    .join(", ");
}

/**
 * @param {HTMLTableRowElement | undefined} row
 * @param {string} connector
 */
function addControls(row, connector) {
  if (row === undefined || row.cells.length >= COLUMNS) return;
  const cell = row.insertCell();
  cell.className = "text controls";
  for (const [action, label] of /** @type {const} */ ([["restart", "Restart"], ["stop", "Stop"]])) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.ariaLabel = `${label} ${connector}`;
    button.className = action === "stop" ? "danger" : "";
    button.addEventListener(
      "click",
      () => ask({ action, connector }, `${label} connector ${connector}?`),
    );
    cell.append(button);
  }
}
