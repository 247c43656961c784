/**
 * What makes the paper exchange one exchange or another.
 *
 * @module
 */

import type { FaultActions, Faults } from "./faults.ts";
import type { MarketListener, PaperMarkets } from "./market/paper_markets.ts";
import type { PaperExchangeReport } from "./report.ts";
import type { PaperSettings } from "./settings.ts";
import type { StreamConnection } from "./ws/stream_connection.ts";

/** Prefix of the ids that the connector is to give its orders. */
export const ORDER_PREFIX = "paper";

/** What a venue is made from. */
export interface VenueOptions {
  /** The exchange's settings. */
  readonly settings: PaperSettings;
  /** What is to go wrong. */
  readonly faults: Faults;
  /** Is told that somebody has subscribed to a market stream. */
  readonly onSubscribed: () => void;
}

/** Where a server is reached. */
export interface ServerAddress {
  /** Such as "http://127.0.0.1:4711". */
  readonly http: string;
  /** Such as "ws://127.0.0.1:4711". */
  readonly ws: string;
}

/** What one WebSocket of a client is for. */
export interface StreamHandler {
  /** The connection will be open soon. */
  opened(connection: StreamConnection): void;
  /** A text came. */
  message(connection: StreamConnection, text: string): void;
  /** The connection is closed, or is about to be. */
  closed(connection: StreamConnection): void;
}

/** What a venue adds to a report. */
export type VenueReport =
  & Omit<PaperExchangeReport, "uptimeMs" | "market" | "faults" | "streams">
  & {
    readonly streams: Omit<
      PaperExchangeReport["streams"],
      "opened" | "closed" | "tooSlow" | "sent" | "dropped"
    >;
  };

/** An exchange's own language over its markets, account and orders. */
export interface Venue extends FaultActions {
  /** What is traded. */
  readonly markets: PaperMarkets;
  /** Is told what happens in the markets. */
  readonly listener: MarketListener;
  /** Answers a request; never throws. */
  answer(request: Request): Promise<Response>;
  /** What a WebSocket at an address is for; undefined if there is none. */
  streamAt(url: URL): StreamHandler | undefined;
  /** The table of the connector's TOML file. */
  connectorConfig(address: ServerAddress): Record<string, string>;
  /** The URL of its streams, and of its requests. */
  urls(address: ServerAddress): { readonly streamUrl: string; readonly apiUrl: string };
  /** Its part of a report. */
  report(): VenueReport;
  /** Ends what would go on by itself. */
  close(): void;
}
