/**
 * What the page knows: the newest parts, and the rows it keeps.
 *
 * @typedef {import("../messages.ts").Hello} Hello
 * @typedef {import("../messages.ts").Frame} Frame
 */

/** Rows that are kept of each list. */
const SAMPLES = 2_400;
const TRADES = 30;
const FILLS = 100;
const LOG = 300;

/** @typedef {"overview" | "connectors" | "exchange" | "book" | "latency" | "orders" | "samples" | "trades" | "fills" | "log"} Topic */

export class Model {
  /** @type {Hello | undefined} */
  hello;
  /** @type {Frame["overview"]} */
  overview;
  /** @type {Frame["connectors"]} */
  connectors;
  /** @type {Frame["exchange"]} */
  exchange;
  /** @type {Frame["book"]} */
  book;
  /** @type {Frame["latency"]} */
  latency;
  /** @type {Frame["orders"]} */
  orders;
  /** @type {import("../messages.ts").SampleRow[]} */
  samples = [];
  /** Newest first. @type {import("../messages.ts").TradeRow[]} */
  trades = [];
  /** Newest first. @type {import("../messages.ts").FillRow[]} */
  fills = [];
  /** Lines that came since they were last taken. @type {import("../messages.ts").LogRow[]} */
  newLog = [];
  /** Whether lines taken before are void. */
  logIsNew = true;
  asset = 0;
  frame = 0;
  timeMs = 0;
  skipped = 0;
  /** What has changed since it was last drawn. @type {Set<Topic>} */
  changed = new Set();

  /** @param {Hello} hello */
  start(hello) {
    this.hello = hello;
    this.reset(0);
    this.overview = this.connectors = this.exchange = undefined;
  }

  /**
   * Forgets what it has of an instrument.
   *
   * @param {number} asset The one to go on with.
   */
  reset(asset) {
    this.asset = asset;
    this.book = this.latency = this.orders = undefined;
    this.samples = [];
    this.trades = [];
    this.fills = [];
    this.newLog = [];
    this.logIsNew = true;
    for (
      const topic of /** @type {Topic[]} */ ([
        "book",
        "latency",
        "orders",
        "samples",
        "trades",
        "fills",
        "log",
      ])
    ) {
      this.changed.add(topic);
    }
  }

  /** @param {Frame} frame */
  apply(frame) {
    // One that was on its way when the user chose another instrument: all of it comes again.
    if (frame.asset !== this.asset) return;
    this.frame = frame.n;
    this.timeMs = frame.timeMs;
    this.skipped = frame.skipped;
    this.#replace("overview", frame.overview, (part) => this.overview = part);
    this.#replace("connectors", frame.connectors, (part) => this.connectors = part);
    this.#replace("exchange", frame.exchange, (part) => this.exchange = part);
    this.#replace("book", frame.book, (part) => this.book = part);
    this.#replace("latency", frame.latency, (part) => this.latency = part);
    this.#replace("orders", frame.orders, (part) => this.orders = part);
    this.#replace("samples", frame.samples, ({ rows }) => {
      this.samples.push(...rows);
      if (this.samples.length > SAMPLES) this.samples.splice(0, this.samples.length - SAMPLES);
    });
    this.#replace("trades", frame.trades, ({ rows }) => {
      this.trades = [...rows.slice(-TRADES).reverse(), ...this.trades].slice(0, TRADES);
    });
    this.#replace("fills", frame.fills, ({ rows }) => {
      this.fills = [...[...rows].reverse(), ...this.fills].slice(0, FILLS);
    });
    this.#replace("log", frame.log, ({ rows }) => {
      this.newLog = [...this.newLog, ...rows].slice(-LOG);
    });
  }

  /**
   * @template T
   * @param {Topic} topic
   * @param {T | undefined} value
   * @param {(value: T) => void} set
   */
  #replace(topic, value, set) {
    if (value === undefined) return;
    set(value);
    this.changed.add(topic);
  }
}
