/**
 * Metrics as Prometheus reads them.
 *
 * @module
 */

import { type Metric, Registry } from "prom-client";
import { METRIC_DEFINITIONS, METRIC_NAMES, type MetricName } from "./definitions.ts";
import { type NumberSample, Reading } from "./reading.ts";

/** Media type of what {@linkcode PrometheusText.write} gives. */
export const PROMETHEUS_CONTENT_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;

/** Writes readings in Prometheus' text format. */
export class PrometheusText {
  readonly #registry = new Registry();
  #reading: Reading = new Reading();

  /** Declares all metrics. */
  constructor() {
    for (const name of METRIC_NAMES) {
      const metric = new ReadMetric(name, () => this.#reading);
      // A registry only asks for the name and `get`; its types want one of its own classes, which
      // count by themselves, at a cost that an event of the market cannot bear.
      this.#registry.registerMetric(metric as unknown as Metric<string>);
    }
  }

  /** Writes the values of one moment. */
  async write(reading: Reading): Promise<string> {
    // The registry asks all metrics before it first gives way, so that calls do not mix.
    this.#reading = reading;
    return await this.#registry.metrics();
  }
}

/** A metric whose values are told by a reading. */
class ReadMetric {
  readonly name: MetricName;
  readonly #reading: () => Reading;

  constructor(name: MetricName, reading: () => Reading) {
    this.name = name;
    this.#reading = reading;
  }

  /** What the registry writes. */
  get(): { name: string; help: string; type: string; values: PrometheusSample[] } {
    const { name } = this;
    const { type, help } = METRIC_DEFINITIONS[name];
    const reading = this.#reading();
    const values = type === "histogram"
      ? reading.histogram(name).map(({ suffix, labels, value }) => ({
        metricName: name + suffix,
        labels,
        value,
      }))
      : [...reading.numbers(name)];
    return { name, help, type, values };
  }
}

interface PrometheusSample extends NumberSample {
  /** Name of the line, where it is not that of the metric. */
  readonly metricName?: string;
}
