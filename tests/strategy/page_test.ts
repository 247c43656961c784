/** The page of a report, made from real runs. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { defineStrategy, reportPage, type RunResult, runStrategy } from "@hftlive/hftlive";
import { rangeOf, roundTicks, timeTicks } from "../../lib/strategy/report/html/scale.ts";
import { quoter, virtualStub } from "./support.ts";

const EVIL = `<script>alert("1")</script> & 'co'`;

async function quotedRun(durationS = 5): Promise<RunResult> {
  return await runStrategy(virtualStub(), quoter, { durationS, virtualTime: true });
}

Deno.test("the page needs nothing but itself, and its policy says so", async () => {
  const page = reportPage(await quotedRun());
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  assertEquals(policy, `default-src 'none'; style-src 'sha256-${hash}'`);
  assert(
    !/<script|<link|<img|<iframe|\bsrc=|\bhref=|url\(|@import|https?:|\bstyle="|\bon\w+="/.test(
      page,
    ),
  );
});

Deno.test("every element of the page is closed", async () => {
  const page = reportPage(await quotedRun());
  const open: string[] = [];
  const alone = new Set(["!doctype", "meta"]);
  for (const [, close, name = "", attributes = ""] of page.matchAll(/<(\/?)([!\w]+)([^>]*)>/g)) {
    if (alone.has(name) || attributes.endsWith("/")) continue;
    if (close === "") open.push(name);
    else assertEquals(open.pop(), name);
  }
  assertEquals(open, []);
});

Deno.test("the page holds the figures and all charts", async () => {
  const result = await quotedRun();
  const page = reportPage(result);
  const [figures] = result.report.instruments;
  for (const title of ["Equity", "Drawdown", "Price and fills", "Position"]) {
    assertStringIncludes(page, `<h3>${title}</h3>`);
  }
  assertStringIncludes(page, "<h3>Feed latency by percentile</h3>");
  assertStringIncludes(page, "<h3>Order latency by percentile</h3>");
  assertStringIncludes(page, `<th scope="row">filled</th><td>${figures!.orders.filled}</td>`);
  assertMatch(page, /<path class="fill buy" d="M[\d.]+ [\d.]+h0/);
  assertStringIncludes(page, 'role="img" aria-label="Mid price over time, ');
  // Every number in a path is one.
  assert(!/d="[^"]*(NaN|Infinity|undefined)/.test(page));
});

Deno.test("names and messages cannot become markup", async () => {
  const result = await runStrategy(
    virtualStub(),
    defineStrategy({
      name: EVIL,
      params: { [EVIL]: EVIL },
      onBatch() {
        throw new Error(EVIL);
      },
    }),
    { virtualTime: true, mode: EVIL },
  );
  const page = reportPage(result);
  assert(!page.includes("<script"));
  assertStringIncludes(
    page,
    "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;",
  );
  assertStringIncludes(page, 'role="alert"');
});

Deno.test("a day takes no larger page than a minute", async () => {
  const short = reportPage(await quotedRun(2)).length;
  const long = reportPage(await quotedRun(20)).length;
  assert(long < 600_000 && short < 600_000, `${short} and ${long} characters`);
});

Deno.test("a run in which nothing happened has a page too", async () => {
  const idle = defineStrategy({ run: () => Promise.resolve() });
  const result = await runStrategy(virtualStub(), idle, { virtualTime: true });
  const page = reportPage(result);
  assertStringIncludes(page, "<h1>strategy</h1>");
  assert(!/d="[^"]*(NaN|Infinity|undefined)/.test(page));
});

Deno.test("axes have round marks within their range", () => {
  assertEquals(roundTicks({ min: -0.42, max: 1.7 }, 5).map(({ label }) => label), [
    ...["0.0", "0.5", "1.0", "1.5"],
  ]);
  assertEquals(roundTicks({ min: 59_990, max: 60_021 }, 5).map(({ label }) => label), [
    ...["59,990", "60,000", "60,010", "60,020"],
  ]);
  assertEquals(roundTicks({ min: -3e-5, max: 3e-5 }, 3).map(({ label }) => label), [
    ...["-0.00002", "0.00000", "0.00002"],
  ]);
  for (const range of [rangeOf([]), rangeOf([5, 5, 5]), rangeOf([0]), rangeOf([-1e9, 1e9])]) {
    const ticks = roundTicks(range, 5);
    assert(ticks.length >= 2 && ticks.length <= 7, `${ticks.length} ticks`);
    for (const { value } of ticks) assert(value >= range.min && value <= range.max);
  }
});

Deno.test("times are written as their length needs", () => {
  const labels = (durationS: number): string[] => timeTicks(durationS).map(({ label }) => label);
  assertEquals(labels(0.2), ["0.000 s", "0.050 s", "0.100 s", "0.150 s", "0.200 s"]);
  assertEquals(labels(60), ["0 s", "15 s", "30 s", "45 s", "60 s"]);
  assertEquals(labels(600), ["00:00", "02:30", "05:00", "07:30", "10:00"]);
  assertEquals(labels(86_400), ["0:00:00", "6:00:00", "12:00:00", "18:00:00", "24:00:00"]);
});
