/**
 * What a client notices, as lines of the log.
 *
 * @module
 */

import type { LiveClient } from "../../client/live_client.ts";
import { plural } from "../../format.ts";
import type { ConnectorLogLevel } from "../../connector/logs/log_line.ts";
import type { LogRow } from "./messages.ts";

/** Whom the lines are attributed to. */
const CLIENT = "client";

/** Time in which failed requests for orders become one line, ms. */
const GATHER_MS = 1_000;

/** Tells what a client notices, until it is disposed. */
export class ClientNotices implements Disposable {
  readonly #client: LiveClient;
  readonly #onNotice: (notice: LogRow) => void;
  readonly #controller = new AbortController();
  /** Runs while failed requests are gathered. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #gathered = 0;
  #last = "";

  /**
   * @param client Whom to listen to.
   * @param onNotice Is given each line.
   */
  constructor(client: LiveClient, onNotice: (notice: LogRow) => void) {
    this.#client = client;
    this.#onNotice = onNotice;
    const { signal } = this.#controller;
    client.addEventListener("connectionlost", ({ detail }) => {
      this.#note(
        "error",
        `${detail.connector} ${detail.symbol}: connection lost, ${detail.reason}`,
      );
    }, { signal });
    client.addEventListener("connectionrestored", ({ detail }) => {
      this.#note("info", `${detail.connector} ${detail.symbol}: connection restored`);
    }, { signal });
    client.addEventListener("error", ({ detail: { fatal, message, report } }) => {
      if (report?.kind === "orderError") this.#gather(message);
      else this.#note(fatal ? "error" : "warn", message);
    }, { signal });
    client.addEventListener("overflow", ({ detail }) => {
      const { connector, symbol } = this.#client.bot.instruments[detail.asset] ??
        { connector: "all", symbol: "instruments" };
      const count = Number.isNaN(detail.lost) ? "" : `, ${plural(detail.lost, "event")} lost`;
      this.#note("warn", `${connector} ${symbol}: overflow of the ${detail.cause}${count}`);
    }, { signal });
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    this.#controller.abort();
    clearTimeout(this.#timer);
    this.#tellGathered();
  }

  /** A cancel that comes after a fill is everyday business: it must not push out all other lines. */
  #gather(message: string): void {
    if (this.#timer === undefined) {
      this.#note("warn", message);
      this.#timer = setTimeout(() => this.#endGathering(), GATHER_MS);
      return;
    }
    this.#gathered++;
    this.#last = message;
  }

  #endGathering(): void {
    this.#timer = this.#gathered === 0
      ? undefined
      : setTimeout(() => this.#endGathering(), GATHER_MS);
    this.#tellGathered();
  }

  #tellGathered(): void {
    if (this.#gathered === 0) return;
    const count = plural(this.#gathered, "more request");
    this.#note("warn", `${count} for orders failed, the last: ${this.#last}`);
    this.#gathered = 0;
  }

  #note(level: ConnectorLogLevel, text: string): void {
    this.#onNotice([Date.now(), CLIENT, level, text]);
  }
}
