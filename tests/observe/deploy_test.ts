/**
 * The files in deploy/ and docs/metrics.md name metrics that exist, and Prometheus takes them.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  METRIC_DEFINITIONS,
  METRIC_NAMES,
  type MetricName,
} from "../../lib/observe/metrics/definitions.ts";
import { ROOT } from "../repo/run.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { findPromtool, promtool } from "./promtool.ts";

const ALERTS = `${ROOT}/deploy/prometheus/hftlive_alerts.yml`;
const ALERT_TESTS = `${ROOT}/tests/observe/alerts_test.yml`;

const { program, missing } = await findPromtool();
if (missing) console.log(`deploy/ is not checked by promtool: ${missing}`);

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly w: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const grafana: {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
} = JSON.parse(await Deno.readTextFile(`${ROOT}/deploy/grafana/hftlive.json`));
const expressions = grafana.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** The lines that a metric has in Prometheus' format. */
function linesOf(name: MetricName): string[] {
  return METRIC_DEFINITIONS[name].type === "histogram"
    ? ["_bucket", "_sum", "_count"].map((suffix) => name + suffix)
    : [name];
}

const known = new Set(METRIC_NAMES.flatMap(linesOf));

function unknownIn(text: string): string[] {
  return [...text.matchAll(/\bhftlive_\w+/g)].map(([name]) => name)
    .filter((name) => !known.has(name) && name !== "hftlive_alerts");
}

Deno.test("alerts and the Grafana dashboard name metrics that exist", async () => {
  assertEquals(unknownIn(await Deno.readTextFile(ALERTS)), []);
  assert(expressions.length > 15);
  assertEquals(unknownIn(JSON.stringify(grafana)), []);
});

Deno.test("the Grafana dashboard is whole: ids differ, rows fit, variables are declared", () => {
  const { panels, templating: { list } } = grafana;
  assertEquals(new Set(panels.map(({ id }) => id)).size, panels.length);
  for (const { gridPos: { x, w }, title } of panels) assert(x + w <= 24, title);
  const declared = new Set(list.map(({ name }) => name));
  for (const expression of expressions) {
    for (const [, name] of expression.matchAll(/\$(\w+)/g)) {
      assert(name === "__rate_interval" || declared.has(name!), expression);
    }
  }
});

Deno.test("names end in their unit, and in _total where they only grow", () => {
  for (const name of METRIC_NAMES) {
    const { type, help } = METRIC_DEFINITIONS[name];
    assertMatch(name, /^hftlive_[a-z_]+$/);
    assertEquals(name.endsWith("_total"), type === "counter", name);
    if (type === "histogram") assertMatch(name, /_seconds$/);
    assertMatch(help, /[^.]$/);
  }
});

Deno.test("docs/metrics.md lists what is exported, as it is", async () => {
  const text = await Deno.readTextFile(`${ROOT}/docs/metrics.md`);
  const rows = [...text.matchAll(/^\| `(hftlive_\w+)` \| (\w+) \| ([^|]*) \| ([^|]*) \|$/gm)]
    .map(([, name, type, labels = "", help = ""]) => ({
      name,
      type,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
      help: help.trim(),
    }));
  assertEquals(
    rows,
    METRIC_NAMES.map((name) => {
      const { type, labels, help } = METRIC_DEFINITIONS[name];
      return { name, type, labels: [...labels], help };
    }),
  );
  const documented = new Set([...text.matchAll(/\bHftlive\w+/g)].map(([name]) => name));
  const alerts = [...(await Deno.readTextFile(ALERTS)).matchAll(/alert: (\w+)/g)];
  assertEquals(documented, new Set(alerts.map(([, name]) => name)));
});

Deno.test("every alert is seen to fire by a test", async () => {
  const alerts = [...(await Deno.readTextFile(ALERTS)).matchAll(/alert: (\w+)/g)];
  const tests = await Deno.readTextFile(ALERT_TESTS);
  const fired = [...tests.matchAll(/alertname: (\w+)\n\s+exp_alerts:\n/g)];
  const names = (matches: RegExpExecArray[]) => new Set(matches.map(([, name]) => name));
  assertEquals(names(fired), names(alerts));
});

Deno.test({
  name: "promtool takes the configuration, and the alerts fire when they should",
  ignore: program === undefined,
  async fn() {
    const config = `${ROOT}/deploy/prometheus/prometheus.yml`;
    for (
      const args of [
        ["check", "config", config],
        ["check", "rules", ALERTS],
        ["test", "rules", ALERT_TESTS],
      ]
    ) {
      const { code, output } = await promtool(program!, args);
      assertEquals(code, 0, output);
      assertMatch(output, /SUCCESS/);
    }
  },
});

Deno.test({
  name: "promtool reads every expression of the Grafana dashboard",
  ignore: program === undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    // As rules, since promtool reads no bare expression without a server.
    const rules = expressions.map((expression, at) => ({
      record: `panel:expression_${at}`,
      expr: expression.replaceAll("$__rate_interval", "1m").replaceAll(/\$\w+/g, ".*"),
    }));
    const file = await directory.write(
      "rules.yml",
      JSON.stringify({ groups: [{ name: "panels", rules }] }),
    );
    const { code, output } = await promtool(program!, ["check", "rules", file]);
    assertEquals(code, 0, output);
    assertMatch(output, new RegExp(`SUCCESS: ${expressions.length} rules found`));
  },
});
