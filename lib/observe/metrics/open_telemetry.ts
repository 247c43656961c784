/**
 * Metrics through OpenTelemetry's API.
 *
 * @module
 */

import { metrics as api, type Observable } from "@opentelemetry/api";
import { VERSION } from "../../version.ts";
import { METRIC_DEFINITIONS, METRIC_NAMES } from "./definitions.ts";
import type { Labels, NumberSample, Reading } from "./reading.ts";

/** Name of the instrumentation scope. */
const SCOPE = "hftlive";

/** One line of a metric, with the instrument that observes it. */
interface Line {
  readonly observable: Observable;
  readonly samples: (reading: Reading) => readonly NumberSample[];
}

type BatchResult = { observe(metric: Observable, value: number, labels?: Labels): void };

/**
 * Has the metrics observed whenever the global meter provider collects.
 *
 * A histogram becomes its three lines, each an observable counter: OpenTelemetry has no histogram
 * that is read, and to record each latency would cost more than to handle the event.
 *
 * @param read Reads all metrics.
 * @returns Ends it.
 */
export function exportMetrics(read: () => Reading): Disposable {
  const meter = api.getMeter(SCOPE, VERSION);
  const lines = METRIC_NAMES.flatMap((name): Line[] => {
    const { type, help: description } = METRIC_DEFINITIONS[name];
    switch (type) {
      case "counter":
      case "gauge": {
        const options = { description };
        const observable = type === "counter"
          ? meter.createObservableCounter(name, options)
          : meter.createObservableGauge(name, options);
        return [{ observable, samples: (reading) => reading.numbers(name) }];
      }
      case "histogram":
        return (["_bucket", "_sum", "_count"] as const).map((suffix) => ({
          observable: meter.createObservableCounter(name + suffix, { description }),
          samples: (reading) =>
            reading.histogram(name).filter((sample) => sample.suffix === suffix),
        }));
    }
  });
  const observables = lines.map(({ observable }) => observable);
  const callback = (result: BatchResult): void => {
    const reading = read();
    for (const { observable, samples } of lines) {
      for (const { labels, value } of samples(reading)) result.observe(observable, value, labels);
    }
  };
  meter.addBatchObservableCallback(callback, observables);
  return {
    [Symbol.dispose]: () => meter.removeBatchObservableCallback(callback, observables),
  };
}
