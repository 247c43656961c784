/**
 * Controls over own orders and connectors.
 *
 * @typedef {import("../messages.ts").ControlRequest} ControlRequest
 */

import { byId, setClass, setText, show } from "./dom.js";

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
  const dialog = confirmation();
  // It comes late: by then the next question may be open.
  dialog.addEventListener("close", () => {
    if (!dialog.open) answer(dialog.returnValue === "yes");
  });
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
export async function ask(request, question) {
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

/** Takes the answer to the question that is open. @type {(isYes: boolean) => void} */
let answer = () => {};

/**
 * @param {string} question
 * @returns {Promise<boolean>}
 */
function isConfirmed(question) {
  const dialog = confirmation();
  answer(false);
  setText(byId("confirm-text"), question);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => answer = resolve);
}

function confirmation() {
  return /** @type {HTMLDialogElement} */ (byId("confirm"));
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
