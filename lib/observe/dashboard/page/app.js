/**
 * Puts the page together: frames go into the model, and what has changed is drawn with the next
 * picture of the screen.
 */

import { Charts } from "./charts.js";
import { Connection } from "./connection.js";
import { drawConnectors } from "./connectors.js";
import { listenToControls, startControls } from "./controls.js";
import { byId, setText, show } from "./dom.js";
import { drawExchange } from "./exchange.js";
import { count } from "./format.js";
import { drawHealth } from "./health.js";
import { drawLadder } from "./ladder.js";
import { drawLog, listenToLog } from "./log.js";
import { Model } from "./model.js";
import {
  drawFills,
  drawLatencyFigures,
  drawOrders,
  drawOverview,
  drawTape,
  drawTiles,
} from "./panels.js";

const model = new Model();
const charts = new Charts();
const picker = /** @type {HTMLSelectElement} */ (byId("instrument"));
let paused = false;
let scheduled = false;

const connection = new Connection({
  onState(state) {
    document.body.dataset.state = state;
    drawLink();
    drawHealth(model);
  },
  onHello(hello) {
    // After a restart of the server, the page goes on with what it looked at.
    const before = model.hello?.instruments[model.asset];
    model.start(hello);
    document.body.dataset.server = hello.server;
    const asset = hello.instruments.findIndex(({ connector, symbol }) =>
      connector === before?.connector && symbol === before.symbol
    );
    startPage();
    pick(Math.max(0, asset));
  },
  onFrame(frame) {
    model.apply(frame);
    schedule();
  },
});

listenToControls();
listenToLog();
picker.addEventListener("change", () => pick(Number(picker.value)));
byId("span").addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  charts.show(Number(target.value));
  model.changed.add("samples");
  schedule();
});
byId("pause").addEventListener("click", () => {
  paused = !paused;
  byId("pause").ariaPressed = String(paused);
  document.body.toggleAttribute("data-paused", paused);
  setText(byId("pause"), paused ? "Resume" : "Pause");
  drawLink();
  schedule();
});

function drawLink() {
  const { state } = document.body.dataset;
  const text = state === "live" ? (paused ? "paused" : "live") : state;
  setText(byId("link"), text === "lost" ? "reconnecting" : text ?? "");
}

function startPage() {
  const { hello } = model;
  if (hello === undefined) return;
  const { instruments, mode, version, control, connectors, exchange } = hello;
  const hasMarket = instruments.length > 0;
  document.body.toggleAttribute("data-market", hasMarket);
  setText(byId("mode"), mode);
  show(byId("mode"), mode !== "");
  setText(byId("version"), `hftlive ${version}`);
  for (const element of document.querySelectorAll(".market, #span, #pause")) {
    if (element instanceof HTMLElement) show(element, hasMarket);
  }
  show(byId("overview-card"), hasMarket);
  show(byId("instrument-field"), hasMarket);
  show(byId("connectors-card"), connectors);
  show(byId("exchange-card"), exchange);
  show(byId("log-card"), hasMarket || connectors);
  startControls({ control, client: hasMarket });
  picker.replaceChildren(
    ...instruments.map(({ connector, symbol }, asset) =>
      new Option(`${connector} ${symbol}`, String(asset))
    ),
  );
}

/** @param {number} asset */
function pick(asset) {
  const { hello } = model;
  const instrument = hello?.instruments[asset];
  if (hello === undefined || instrument === undefined) return;
  picker.value = String(asset);
  model.reset(asset);
  charts.start(instrument, hello.latencyBoundsNs);
  connection.send({ asset });
  schedule();
}

function schedule() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(draw);
}

function draw() {
  scheduled = false;
  // Figures can wait, bad news cannot.
  if (paused) return drawHealth(model);
  const { changed } = model;
  const any = (/** @type {import("./model.js").Topic[]} */ ...topics) =>
    topics.some((topic) => changed.has(topic));
  const instrument = model.hello?.instruments[model.asset];
  if (instrument !== undefined) {
    if (any("book", "orders", "overview")) drawTiles(model, instrument);
    if (any("book", "orders")) drawLadder(model.book, model.orders, instrument);
    if (any("trades")) drawTape(model, instrument);
    if (any("orders")) drawOrders(model, instrument);
    if (any("fills")) drawFills(model, instrument);
    if (any("samples")) charts.drawSamples(model.samples);
    if (any("latency")) {
      charts.drawLatency(model.latency?.feed, model.latency?.order);
      drawLatencyFigures(model);
    }
  }
  if (any("overview")) drawOverview(model);
  if (any("overview", "connectors", "exchange")) drawHealth(model);
  if (any("exchange")) drawExchange(model);
  // How long they have been in their state goes on while nothing changes.
  drawConnectors(model);
  if (any("log")) drawLog(model);
  changed.clear();
  const { frame, timeMs, skipped } = model;
  document.body.dataset.frame = String(frame);
  document.body.dataset.time = String(timeMs);
  setText(byId("frames"), `frame ${count(frame)}, ${count(skipped)} skipped`);
}
