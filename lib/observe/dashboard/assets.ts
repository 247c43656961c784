/**
 * The files of the page, as text inside of the program: there is nothing to be read at run time, also
 * not in a bundle or in a compiled program.
 *
 * @module
 */

import uplotScript from "uplot/dist/uPlot.esm.js" with { type: "text" };
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import app from "./page/app.js" with { type: "text" };
import chart from "./page/chart.js" with { type: "text" };
import charts from "./page/charts.js" with { type: "text" };
import connection from "./page/connection.js" with { type: "text" };
import connectors from "./page/connectors.js" with { type: "text" };
import controls from "./page/controls.js" with { type: "text" };
import dom from "./page/dom.js" with { type: "text" };
import exchange from "./page/exchange.js" with { type: "text" };
import figures from "./page/figures.css" with { type: "text" };
import format from "./page/format.js" with { type: "text" };
import health from "./page/health.js" with { type: "text" };
import icon from "./page/icon.svg" with { type: "text" };
import index from "./page/index.html" with { type: "text" };
import ladder from "./page/ladder.js" with { type: "text" };
import latencyChart from "./page/latency_chart.js" with { type: "text" };
import layout from "./page/layout.css" with { type: "text" };
import log from "./page/log.js" with { type: "text" };
import model from "./page/model.js" with { type: "text" };
import panels from "./page/panels.js" with { type: "text" };
import priceChart from "./page/price_chart.js" with { type: "text" };
import sample from "./page/sample.js" with { type: "text" };
import style from "./page/style.css" with { type: "text" };

/** A file of the page. */
export interface Asset {
  /** Its media type. */
  readonly type: string;
  /** What is in it. */
  readonly text: string;
}

const SCRIPT = "text/javascript; charset=utf-8";
const STYLE = "text/css; charset=utf-8";

/** The files of the page, by the path they are asked for with. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ["/", { type: "text/html; charset=utf-8", text: index }],
  ["/icon.svg", { type: "image/svg+xml; charset=utf-8", text: icon }],
  ["/style.css", { type: STYLE, text: style }],
  ["/figures.css", { type: STYLE, text: figures }],
  ["/layout.css", { type: STYLE, text: layout }],
  ["/uplot.css", { type: STYLE, text: uplotStyle }],
  ["/uplot.js", { type: SCRIPT, text: uplotScript }],
  ...Object.entries({
    app,
    chart,
    charts,
    connection,
    connectors,
    controls,
    dom,
    exchange,
    format,
    health,
    ladder,
    latency_chart: latencyChart,
    log,
    model,
    panels,
    price_chart: priceChart,
    sample,
  })
    .map(([name, text]): [string, Asset] => [`/${name}.js`, { type: SCRIPT, text }]),
]);
