/**
 * What a dashboard's server and its page say to each other over their WebSocket, as JSON.
 *
 * The server sends a {@linkcode Hello}, then {@linkcode Frame}s. A frame holds the parts that have
 * changed since the last one that this page got, and the rows that came since then. The page answers
 * each frame with an {@linkcode Answer}, and gets no more while it owes some.
 *
 * @module
 */

import type { HealthLevel } from "../../client/health.ts";
import type { OrderStatus, Side, TimeInForce } from "../../model/codes.ts";
import type { Instrument } from "../../model/instrument.ts";
import type { ConnectorLogLevel } from "../../connector/logs/log_line.ts";

/** Version of these messages; a page that gets another one loads itself again. */
export const PROTOCOL = 2;

/** What the server says first. */
export interface Hello {
  /** Tells it apart. */
  readonly type: "hello";
  /** Version of the messages. */
  readonly protocol: number;
  /** Tells one start of a server from the next. */
  readonly server: string;
  /** Version of hftlive. */
  readonly version: string;
  /** Where the market comes from, such as "stub"; empty where there is none. */
  readonly mode: string;
  /** Whether the page may send controls, with the token. */
  readonly control: boolean;
  /** Whether there is a supervisor to tell about. */
  readonly connectors: boolean;
  /** Whether there is a paper exchange to tell about. */
  readonly exchange: boolean;
  /** What can be looked at. */
  readonly instruments: readonly Instrument[];
  /** Upper bounds of the buckets of latencies, ns. */
  readonly latencyBoundsNs: readonly number[];
}

/** One instrument in the overview. */
export interface InstrumentPart {
  /** What is proven. */
  readonly level: HealthLevel;
  /** What is missing; null when it is healthy. */
  readonly reason: string | null;
  /** Time since its last market event, ms; null before the first. */
  readonly feedAgeMs: number | null;
  /** Signed quantity held, in base units. */
  readonly position: number;
  /** Own orders that can trade. */
  readonly openOrders: number;
  /** Events a second, of the last second. */
  readonly eventsPerSecond: number;
  /** Trades a second, of the last second. */
  readonly tradesPerSecond: number;
  /** Events since the start. */
  readonly events: number;
  /** Trades since the start. */
  readonly trades: number;
  /** Events that the bot dropped. */
  readonly dropped: number;
  /** How often its channel may have overflowed. */
  readonly overflows: number;
  /** Messages that were refused. */
  readonly malformed: number;
}

/** All instruments. */
export interface OverviewPart {
  /** Whether the client runs and every instrument is healthy. */
  readonly healthy: boolean;
  /** What is missing; null when all is well. */
  readonly reason: string | null;
  /** Events that queues of the client dropped. */
  readonly dropped: number;
  /** One entry an instrument, in order. */
  readonly instruments: readonly InstrumentPart[];
}

/** Price and quantity of a level. */
export type Level = readonly [price: number, qty: number];

/** The top of the book. */
export interface BookPart {
  /** Bids, best first. */
  readonly bids: readonly Level[];
  /** Asks, best first. */
  readonly asks: readonly Level[];
}

/** Latencies of the last minute. */
export interface LatencyFigures {
  /** How many in each bucket; the last one is for those above every bound. */
  readonly counts: readonly number[];
  /** Half of them took no longer, ns; null when there is none. */
  readonly p50: number | null;
  /** 99 in 100 took no longer, ns; null when there is none. */
  readonly p99: number | null;
  /** The longest, ns; null when there is none. */
  readonly max: number | null;
}

/** Latencies of an instrument. */
export interface LatencyPart {
  /** From the exchange to the local time stamp. */
  readonly feed: LatencyFigures;
  /** From a request for an order to its answer. */
  readonly order: LatencyFigures;
}

/** An own order that can trade. */
export interface OrderRow {
  /** Its id, in decimal digits. */
  readonly id: string;
  /** Buy or sell. */
  readonly side: Side;
  /** Limit price. */
  readonly price: number;
  /** Quantity asked for. */
  readonly qty: number;
  /** Quantity still open. */
  readonly leavesQty: number;
  /** How long it stays. */
  readonly timeInForce: TimeInForce;
  /** Its state. */
  readonly status: OrderStatus;
  /** What was asked and is not answered; "none" for nothing. */
  readonly request: OrderStatus;
}

/** The own orders of an instrument, and what they came to. */
export interface OrdersPart {
  /** Signed quantity held, in base units. */
  readonly position: number;
  /** Those that can trade, newest first; some may be left out. */
  readonly open: readonly OrderRow[];
  /** How many there are. */
  readonly count: number;
}

/** One connector. */
export interface ConnectorRow {
  /** Name on the channel. */
  readonly name: string;
  /** The exchange. */
  readonly type: string;
  /** Where its orders go; null when that is not known. */
  readonly network: string | null;
  /** Name of its state. */
  readonly state: string;
  /** Its state in words. */
  readonly text: string;
  /** Since when, ms since the Unix epoch. */
  readonly sinceMs: number;
  /** Its process; null while there is none. */
  readonly pid: number | null;
  /** Restarts since the supervisor was started. */
  readonly restarts: number;
  /** Why it failed last; null when it never did. */
  readonly lastFailure: string | null;
  /** Feeds that are watched: symbol and age. */
  readonly feeds: readonly { readonly symbol: string; readonly ageMs: number | null }[];
}

/** A supervisor and its connectors. */
export interface ConnectorsPart {
  /** Why the supervisor does not answer; null while it does. */
  readonly failure: string | null;
  /** Its connectors, as it last told. */
  readonly connectors: readonly ConnectorRow[];
  /** Lines that could not be read in time. */
  readonly droppedLines: number;
}

/** One symbol of a paper exchange's account. Money is in the quote asset, quantities in base units. */
export interface ExchangeSymbolRow {
  /** The symbol, as bots name it. */
  readonly symbol: string;
  /** Signed quantity held. */
  readonly position: number;
  /** Average entry price; null without a position. */
  readonly entryPrice: number | null;
  /** Price that the position is valued at; null before the market has one. */
  readonly markPrice: number | null;
  /** Profit realised and not yet realised, without fees. */
  readonly profit: number;
  /** Fees paid. */
  readonly fees: number;
  /** Executions. */
  readonly fills: number;
  /** Quantity executed. */
  readonly volume: number;
  /** Orders that are open. */
  readonly openOrders: number;
}

/** A paper exchange's own books. */
export interface ExchangePart {
  /** Why it does not answer; null while it does. */
  readonly failure: string | null;
  /** How far its market has come. */
  readonly market: string;
  /** Wallet and unrealised profit. */
  readonly equity: number;
  /** Connections to its market's streams. */
  readonly marketStreams: number;
  /** Connections to its account's streams. */
  readonly userStreams: number;
  /** Requests. */
  readonly requests: number;
  /** Requests that were answered with an error. */
  readonly refused: number;
  /** Messages that did not reach those who listened. */
  readonly lost: number;
  /** What goes wrong on demand, in words. */
  readonly faults: readonly string[];
  /** Its account, by symbol. */
  readonly symbols: readonly ExchangeSymbolRow[];
}

/**
 * What was seen of an instrument in a quarter of a second: time (s since the Unix epoch), best bid
 * and ask, average price and quantity of trades by buyers, and of those by sellers, number of trades,
 * of all events, position, best own bid and ask, average price and quantity of what was bought by own
 * orders, and of what was sold. A price is null where there is none.
 */
export type SampleRow = readonly [
  time: number,
  bid: number | null,
  ask: number | null,
  buyPrice: number | null,
  buyQty: number,
  sellPrice: number | null,
  sellQty: number,
  trades: number,
  events: number,
  position: number,
  ownBid: number | null,
  ownAsk: number | null,
  ownBuyPrice: number | null,
  ownBuyQty: number,
  ownSellPrice: number | null,
  ownSellQty: number,
];

/** A trade: time (ms since the Unix epoch), side of the taker, price, quantity. */
export type TradeRow = readonly [timeMs: number, side: Side, price: number, qty: number];

/** An own execution: time, side, price, quantity, whether as maker, order id. */
export type FillRow = readonly [
  timeMs: number,
  side: Side,
  price: number,
  qty: number,
  maker: boolean,
  orderId: string,
];

/** A line that a connector printed, or a notice of the client: time, source, level, text. */
export type LogRow = readonly [
  timeMs: number,
  source: string,
  level: ConnectorLogLevel | null,
  text: string,
];

/** Rows that were added, and how many could not be kept for this page. */
export interface Rows<T> {
  /** The rows, oldest first. */
  readonly rows: readonly T[];
  /** Rows between the last frame and these that are gone. */
  readonly missed: number;
}

/** What has changed. */
export interface Frame {
  /** Tells it apart. */
  readonly type: "frame";
  /** Its number: it rises by 1 each tenth of a second, sent or not. */
  readonly n: number;
  /** When it was made, ms since the Unix epoch. */
  readonly timeMs: number;
  /** Frames that this page was not sent, since it had not shown those before. */
  readonly skipped: number;
  /** The instrument that the parts below are of; what a page has of another one is void. */
  readonly asset: number;
  /** All instruments. */
  readonly overview?: OverviewPart;
  /** Connectors. */
  readonly connectors?: ConnectorsPart;
  /** A paper exchange. */
  readonly exchange?: ExchangePart;
  /** The book. */
  readonly book?: BookPart;
  /** Latencies. */
  readonly latency?: LatencyPart;
  /** Own orders. */
  readonly orders?: OrdersPart;
  /** Prices and counts over time. */
  readonly samples?: Rows<SampleRow>;
  /** The last trades. */
  readonly trades?: Rows<TradeRow>;
  /** Own executions. */
  readonly fills?: Rows<FillRow>;
  /** What connectors print, and notices. */
  readonly log?: Rows<LogRow>;
}

/** What the page says: the last frame that it has taken in, and what it looks at. */
export interface Answer {
  /** Number of the frame; left out where only the instrument changes. */
  readonly n?: number;
  /** The instrument to look at. */
  readonly asset?: number;
}

/** What the page asks for with `POST /control`. */
export interface ControlRequest {
  /** What is to be done. */
  readonly action: "cancel-all" | "stop" | "restart";
  /** The connector, for "stop" and "restart". */
  readonly connector?: string | undefined;
}

/** What comes of it. */
export interface ControlAnswer {
  /** Whether it was done. */
  readonly ok: boolean;
  /** What was done, or why it was not. */
  readonly message: string;
}
