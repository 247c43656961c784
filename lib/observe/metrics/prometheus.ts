/**
 * Metrics as Prometheus reads them.
 *
 * @module
 */

import { METRIC_DEFINITIONS, METRIC_NAMES } from "./definitions.ts";
import type { Labels, Reading } from "./reading.ts";

/** Media type of what {@linkcode prometheusText} gives: version 0.0.4 of the text format. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Writes a reading in Prometheus' text format: all metrics, also those without a value.
 *
 * @param reading The values of one moment.
 * @returns The text.
 */
export function prometheusText(reading: Reading): string {
  const parts = METRIC_NAMES.map((name) => {
    const { type, help } = METRIC_DEFINITIONS[name];
    const lines = [`# HELP ${name} ${escape(help)}`, `# TYPE ${name} ${type}`];
    if (type === "histogram") {
      for (const { suffix, labels, value } of reading.histogram(name)) {
        lines.push(`${name}${suffix}${labelsText(labels)} ${value}`);
      }
    } else {
      for (const { labels, value } of reading.numbers(name)) {
        lines.push(`${name}${labelsText(labels)} ${value}`);
      }
    }
    return lines.join("\n");
  });
  return `${parts.join("\n\n")}\n`;
}

function labelsText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) =>
    `${name}="${escape(value).replaceAll('"', '\\"')}"`
  );
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

function escape(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
