/**
 * Metrics of clients and connectors, for Prometheus and OpenTelemetry.
 *
 * @module
 */

import type { LiveClient } from "../../client/live_client.ts";
import { BotError } from "../../model/errors.ts";
import { VERSION } from "../../version.ts";
import { type ConnectorDirectory, ConnectorMonitor } from "../connectors/connector_monitor.ts";
import { ClientSource } from "./client_source.ts";
import { ConnectorSource } from "./connector_source.ts";
import type { PrometheusText } from "./prometheus.ts";
import { type MetricSource, Reading } from "./reading.ts";

/** Metrics in a text format, as they answer a request. */
export interface MetricsText {
  /** The text. */
  readonly text: string;
  /** Its media type. */
  readonly contentType: string;
}

/**
 * Metrics of a client and of a supervisor's connectors, under the names in docs/metrics.md.
 *
 * Of each event only a kind, an instrument and a latency are counted, in place and without an object;
 * all else is read when somebody asks. The libraries that write are loaded when they are first used.
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
export class Metrics implements AsyncDisposable {
  readonly #sources = new Set<MetricSource>();
  readonly #stack = new AsyncDisposableStack();
  #isObserving = false;
  #writer: Promise<PrometheusText> | undefined;

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
    this.add(this.#stack.use(new ClientSource(client)));
  }

  /**
   * Begins to ask a supervisor about its connectors, twice a second.
   *
   * @param directory A `ControlClient`, or anything that speaks like one.
   */
  observeConnectors(directory: ConnectorDirectory): void {
    this.add(new ConnectorSource(this.#stack.use(new ConnectorMonitor(directory))));
  }

  /**
   * Adds what tells values of metrics when it is asked.
   *
   * @param source Adds its values to each reading.
   */
  add(source: MetricSource): void {
    this.#sources.add(source);
  }

  /**
   * Has OpenTelemetry's global meter provider read the same metrics, such as Deno's own with
   * `OTEL_DENO=true`. Without a provider nothing happens.
   */
  async exportOpenTelemetry(): Promise<void> {
    const { exportMetrics } = await import("./open_telemetry.ts");
    this.#stack.use(exportMetrics(() => this.#read()));
  }

  /**
   * The values of this moment in Prometheus' text format.
   *
   * @returns The text, and its media type.
   */
  async prometheus(): Promise<MetricsText> {
    const { PrometheusText, PROMETHEUS_CONTENT_TYPE } = await import("./prometheus.ts");
    this.#writer ??= Promise.resolve(new PrometheusText());
    const text = await (await this.#writer).write(this.#read());
    return { text, contentType: PROMETHEUS_CONTENT_TYPE };
  }

  /** Stops counting and asking. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  #read(): Reading {
    const reading = new Reading();
    reading.add("hftlive_info", 1, { version: VERSION });
    for (const source of this.#sources) source.read(reading);
    return reading;
  }
}
