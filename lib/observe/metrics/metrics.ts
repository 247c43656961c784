/**
 * Metrics of a client and of connectors, for Prometheus and OpenTelemetry.
 *
 * @module
 */

import type { LiveClient } from "../../client/live_client.ts";
import { BotError } from "../../model/errors.ts";
import { type ConnectorDirectory, ConnectorMonitor } from "../connectors/connector_monitor.ts";
import { ExchangeMonitor, type ExchangeReporter } from "../exchange/exchange_monitor.ts";
import { ClientSource } from "./client_source.ts";
import { ConnectorSource } from "./connector_source.ts";
import { ExchangeSource } from "./exchange_source.ts";
import { type MetricsExport, MetricsHub, type MetricsText } from "./metrics_hub.ts";

/**
 * Metrics of a client and of a supervisor's connectors, under the names in docs/metrics.md.
 *
 * Of each event only a kind, an instrument and a latency are counted, in place and without an object;
 * all else is read when somebody asks.
 *
 * @example Serve metrics to Prometheus
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { LiveClient, Metrics, StubBot } from "@hftlive/hftlive";
 *
 * await using client = await LiveClient.start(new StubBot({ seed: 7, maxFeeds: 100 }));
 * await using metrics = new Metrics();
 * metrics.observe(client);
 * await client.finished;
 * const { text, contentType } = await metrics.prometheus();
 * const answer = new Response(text, { headers: { "content-type": contentType } });
 * assertStringIncludes(await answer.text(), "hftlive_feed_latency_seconds_count");
 * ```
 */
export class Metrics implements MetricsExport, AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #hub: MetricsHub = this.#stack.use(new MetricsHub());
  #isObserving = false;

  /**
   * Begins to count what a client delivers; it takes part in `client.batches()`.
   *
   * @param client The client; one only, since its figures have no name of their own.
   * @throws {BotError} "invalidArgument" if these metrics observe a client already.
   */
  observe(client: LiveClient): void {
    if (this.#isObserving) {
      throw new BotError("invalidArgument", "Cannot observe client: these metrics observe another");
    }
    this.#isObserving = true;
    this.#hub.add(this.#stack.use(new ClientSource(client)));
  }

  /**
   * Begins to ask a supervisor about its connectors, twice a second.
   *
   * @param directory A `ControlClient`, or anything that speaks like one.
   */
  observeConnectors(directory: ConnectorDirectory): void {
    this.#hub.add(new ConnectorSource(this.#stack.use(new ConnectorMonitor(directory))));
  }

  /**
   * Begins to ask a paper exchange for its books, twice a second.
   *
   * @param exchange A `PaperExchange`, or anything that speaks like one.
   */
  observeExchange(exchange: ExchangeReporter): void {
    this.#hub.add(new ExchangeSource(this.#stack.use(new ExchangeMonitor(exchange))));
  }

  /**
   * The values of this moment in Prometheus' text format.
   *
   * @returns The text, and its media type.
   */
  async prometheus(): Promise<MetricsText> {
    return await this.#hub.prometheus();
  }

  /**
   * Has OpenTelemetry's global meter provider read the same metrics, such as Deno's own with
   * `OTEL_DENO=true`. Without a provider nothing happens; more calls do nothing.
   */
  async exportOpenTelemetry(): Promise<void> {
    await this.#hub.exportOpenTelemetry();
  }

  /** Stops counting and asking. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
