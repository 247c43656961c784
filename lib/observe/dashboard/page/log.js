/**
 * The log: what connectors print, and what the client notices.
 *
 * @typedef {import("./model.js").Model} Model
 */

import { byId, setClass, show } from "./dom.js";
import { fineClock } from "./format.js";

const LINES = 300;

/** How near to its end a reader has to be to be taken along, px. */
const NEAR_END_PX = 40;

const TONES =
  /** @type {const} */ ({ error: "bad", warn: "warn", info: "", debug: "dim", trace: "dim" });

/** Lets the reader choose which lines are shown. */
export function listenToLog() {
  const level = /** @type {HTMLSelectElement} */ (byId("log-level"));
  level.addEventListener("change", () => {
    setClass(byId("log"), "only-trouble", level.value === "trouble");
    toEnd();
  });
}

/** @param {Model} model */
export function drawLog(model) {
  const list = byId("log");
  const box = byId("log-box");
  if (model.logIsNew) list.replaceChildren();
  model.logIsNew = false;
  // Only a reader at the end wants to be taken along.
  const follows = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
  list.append(...model.newLog.map(logLine));
  model.newLog = [];
  while (list.childElementCount > LINES) list.firstElementChild?.remove();
  show(byId("log-empty"), list.childElementCount === 0);
  if (follows) toEnd();
}

function toEnd() {
  const box = byId("log-box");
  box.scrollTop = box.scrollHeight;
}

/** @param {import("../messages.ts").LogRow} row */
function logLine([timeMs, source, level, text]) {
  const item = document.createElement("li");
  if (level === "warn" || level === "error") item.className = "trouble";
  const part = (/** @type {string} */ content, /** @type {string} */ classes) => {
    const span = document.createElement("span");
    span.textContent = content;
    span.className = classes;
    return span;
  };
  const tone = level === null ? "dim" : TONES[level];
  item.append(
    part(`${fineClock(timeMs)} `, "dim"),
    part(`${source} `, "source"),
    part(level === null ? "" : `${level} `, tone),
    part(text, tone),
  );
  return item;
}
