import { assertEquals } from "@std/assert";
import { LatencyBuckets } from "../../lib/observe/latency_buckets.ts";
import { METRIC_NAMES } from "../../lib/observe/metrics/definitions.ts";
import { prometheusText } from "../../lib/observe/metrics/prometheus.ts";
import { Reading } from "../../lib/observe/metrics/reading.ts";

/** The lines of a metric. */
function linesOf(text: string, name: string): string[] {
  return text.split("\n").filter((line) => line.includes(name));
}

Deno.test("each metric has its help and type, once, before its values", () => {
  const reading = new Reading();
  reading.add("hftlive_info", 1, { version: "1.2.3" });
  reading.add("hftlive_position_base_units", -0.5, { connector: "bf", symbol: "btcusdt" });
  reading.add("hftlive_position_base_units", 1e-7, { connector: "bf", symbol: "ethusdt" });
  const text = prometheusText(reading);
  assertEquals(linesOf(text, "hftlive_info"), [
    "# HELP hftlive_info Always 1; the version is a label",
    "# TYPE hftlive_info gauge",
    'hftlive_info{version="1.2.3"} 1',
  ]);
  assertEquals(linesOf(text, "hftlive_position_base_units").slice(2), [
    'hftlive_position_base_units{connector="bf",symbol="btcusdt"} -0.5',
    'hftlive_position_base_units{connector="bf",symbol="ethusdt"} 1e-7',
  ]);
  const declared = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name);
  assertEquals(declared, [...METRIC_NAMES]);
  assertEquals(text.at(-1), "\n");
});

Deno.test("names of a user's symbols cannot break a line", () => {
  const reading = new Reading();
  reading.add("hftlive_paper_orders", 1, { symbol: 'a"b\\c\nd' });
  assertEquals(linesOf(prometheusText(reading), "hftlive_paper_orders{"), [
    'hftlive_paper_orders{symbol="a\\"b\\\\c\\nd"} 1',
  ]);
});

Deno.test("a histogram has its buckets, its sum and its count", () => {
  const buckets = new LatencyBuckets();
  buckets.record(1_000_000);
  buckets.record(3_000_000_000);
  const reading = new Reading();
  reading.addLatencies("hftlive_order_latency_seconds", buckets, { connector: "c", symbol: "s" });
  const lines = linesOf(prometheusText(reading), "hftlive_order_latency_seconds");
  const labels = 'connector="c",symbol="s"';
  assertEquals(lines.slice(-3), [
    `hftlive_order_latency_seconds_bucket{${labels},le="+Inf"} 2`,
    `hftlive_order_latency_seconds_sum{${labels}} 3.001`,
    `hftlive_order_latency_seconds_count{${labels}} 2`,
  ]);
  assertEquals(lines.filter((line) => line.includes('le="0.001"')), [
    `hftlive_order_latency_seconds_bucket{${labels},le="0.001"} 1`,
  ]);
});
