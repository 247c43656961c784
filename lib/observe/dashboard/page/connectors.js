/**
 * The connectors, and controls over them and over own orders.
 *
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("../messages.ts").ConnectorRow} ConnectorRow
 * @typedef {import("../messages.ts").ControlRequest} ControlRequest
 */

import { bodyOf, byId, setClass, setRowsOr, setText, show } from "./dom.js";
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

/**
 * Shows the controls.
 *
 * @param {{ control: boolean, client: boolean }} has
 */
export function startControls({ control, client }) {
  show(byId("control-card"), control);
  show(byId("cancel-all"), client);
  document.body.classList.toggle("may-control", control);
}

/** Listens to the controls. */
export function listenToControls() {
  const cancel = /** @type {HTMLButtonElement} */ (byId("cancel-all"));
  tokenField().addEventListener("input", () => cancel.disabled = tokenField().value === "");
  cancel.addEventListener("click", () => ask({ action: "cancel-all" }, "Cancel all open orders?"));
  byId("control-form").addEventListener("submit", (event) => event.preventDefault());
}

function tokenField() {
  return /** @type {HTMLInputElement} */ (byId("token"));
}

/**
 * Asks the user, then the server.
 *
 * @param {ControlRequest} request
 * @param {string} question
 */
async function ask(request, question) {
  if (tokenField().value === "") {
    tell("Enter the token that was printed at the start", false);
    tokenField().focus();
    return;
  }
  if (!await isConfirmed(question)) return;
  tell("Asked, waiting for the answer", true);
  try {
    const response = await fetch("/control", {
      method: "POST",
      headers: { authorization: `Bearer ${tokenField().value.trim()}` },
      body: JSON.stringify(request),
    });
    const isAnswer = response.headers.get("content-type")?.startsWith("application/json");
    const { ok, message } = isAnswer
      ? await response.json()
      : { ok: false, message: await response.text() };
    tell(message, ok);
  } catch {
    tell("The dashboard does not answer", false);
  }
}

/** @param {string} question */
function isConfirmed(question) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("confirm"));
  setText(byId("confirm-text"), question);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true })
  );
}

/**
 * @param {string} text
 * @param {boolean} good
 */
function tell(text, good) {
  const result = byId("control-result");
  setText(result, text);
  setClass(result, "bad", !good);
}
