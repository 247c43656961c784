/**
 * Where the values of metrics come together, and go out.
 *
 * @module
 */

import { VERSION } from "../../version.ts";
import { PROMETHEUS_CONTENT_TYPE, prometheusText } from "./prometheus.ts";
import { type MetricSource, Reading } from "./reading.ts";

/** Metrics in a text format, as they answer a request. */
export interface MetricsText {
  /** The text. */
  readonly text: string;
  /** Its media type. */
  readonly contentType: string;
}

/** The ways in which metrics go out. */
export interface MetricsExport {
  /** The values of this moment in Prometheus' text format. */
  prometheus(): Promise<MetricsText>;
  /**
   * Has OpenTelemetry's global meter provider read the same metrics, such as Deno's own with
   * `OTEL_DENO=true`. Without a provider nothing happens; more calls do nothing.
   */
  exportOpenTelemetry(): Promise<void>;
}

/** Reads sources when somebody asks. OpenTelemetry's API is loaded when first used. */
export class MetricsHub implements MetricsExport, Disposable {
  readonly #sources = new Set<MetricSource>();
  #openTelemetry: Promise<Disposable> | undefined;

  /** Adds a source; it is read for each answer. */
  add(source: MetricSource): void {
    this.#sources.add(source);
  }

  prometheus(): Promise<MetricsText> {
    return Promise.resolve({
      text: prometheusText(this.#read()),
      contentType: PROMETHEUS_CONTENT_TYPE,
    });
  }

  async exportOpenTelemetry(): Promise<void> {
    this.#openTelemetry ??= import("./open_telemetry.ts").then(({ exportMetrics }) =>
      exportMetrics(() => this.#read())
    );
    await this.#openTelemetry;
  }

  /** Ends the export to OpenTelemetry. */
  [Symbol.dispose](): void {
    this.#openTelemetry?.then((exported) => exported[Symbol.dispose]());
  }

  #read(): Reading {
    const reading = new Reading();
    reading.add("hftlive_info", 1, { version: VERSION });
    for (const source of this.#sources) source.read(reading);
    return reading;
  }
}
