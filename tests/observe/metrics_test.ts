import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { EventBatch } from "../../lib/bot/batch.ts";
import { EventKind } from "../../lib/bot/record.ts";
import { LiveClient } from "../../lib/client/live_client.ts";
import { ControlClient } from "../../lib/connector/supervisor/control_client.ts";
import { ControlServer } from "../../lib/connector/supervisor/control_server.ts";
import { Supervisor } from "../../lib/connector/supervisor/supervisor.ts";
import { PaperExchange } from "../../lib/exchange/paper_exchange.ts";
import { BotError } from "../../lib/model/errors.ts";
import { NativeBot } from "../../lib/native/native_bot.ts";
import { Dashboard } from "../../lib/observe/dashboard/dashboard.ts";
import { LATENCY_BOUNDS_NS, LatencyBuckets } from "../../lib/observe/latency_buckets.ts";
import { METRIC_NAMES } from "../../lib/observe/metrics/definitions.ts";
import { Metrics } from "../../lib/observe/metrics/metrics.ts";
import { StubBot } from "../../lib/stub/stub_bot.ts";
import { BTCUSDT, until } from "../connector/runner/support.ts";
import { settingsOf, simSettings, SYNTHETIC } from "../connector/supervisor/support.ts";
import { nativeReady } from "../support/native_ready.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { findPromtool, promtool } from "./promtool.ts";
import { sampleOf, samplesOf } from "./samples.ts";

const LABELS = 'connector="stub",symbol="btcusdt"';

const noNative = nativeReady();
const { program, missing } = await findPromtool();
if (missing) console.log(`promtool does not check metrics: ${missing}`);

Deno.test("events, latencies and batches are those that the bot delivers", async () => {
  const options = { seed: 11, maxFeeds: 3000, clock: "virtual" } as const;
  using again = new StubBot(options);
  const expected = new Map<number, number>();
  const latency = { count: 0, sumNs: 0 };
  const batch = new EventBatch(512);
  while (again.poll(batch) >= 0) {
    for (let i = 0; i < batch.length; i++) {
      const kind = batch.kind(i);
      expected.set(kind, (expected.get(kind) ?? 0) + 1);
      if (kind !== EventKind.Trade && kind !== EventKind.Depth) continue;
      latency.count++;
      latency.sumNs += batch.latencyNs(i);
    }
  }

  await using client = await LiveClient.start(new StubBot(options));
  await using metrics = new Metrics();
  metrics.observe(client);
  await client.finished;
  const { text } = await metrics.prometheus();
  const events = (kind: string) => sampleOf(text, `hftlive_events_total{${LABELS},kind="${kind}"}`);
  assertEquals(events("trade"), expected.get(EventKind.Trade));
  assertEquals(events("depth"), expected.get(EventKind.Depth));
  assertEquals(events("snapshot"), expected.get(EventKind.Snapshot));
  assertEquals(events("batchEnd"), expected.get(EventKind.BatchEnd));
  assertEquals(events("overflow"), 0);
  const count = sampleOf(text, `hftlive_feed_latency_seconds_count{${LABELS}}`);
  assertEquals(count, latency.count);
  const sum = sampleOf(text, `hftlive_feed_latency_seconds_sum{${LABELS}}`);
  assert(Math.abs(sum! - latency.sumNs / 1e9) < 1e-6, `${sum}`);
  assertEquals(sampleOf(text, `hftlive_feed_latency_seconds_bucket{${LABELS},le="+Inf"}`), count);
  assert(sampleOf(text, "hftlive_batches_total")! > 0);
});

Deno.test("orders: latency of each request, updates and orders by status, position", async () => {
  const bot = new StubBot({ seed: 3, clock: "real", maxFeeds: Infinity, orderLatencyNs: 3e6 });
  await using client = await LiveClient.start(bot);
  await using metrics = new Metrics();
  metrics.observe(client);
  await client.ready();
  const far = await client.submitOrder({ side: "buy", price: bot.depth(0).bestBid - 500, qty: 1 });
  assertEquals(far.status, "new");
  await client.submitOrder({ side: "buy", qty: 0.5, orderType: "market" });
  const answered = await client.cancelOrder(far.orderId);
  assertEquals(answered.status, "canceled");
  const { text } = await metrics.prometheus();
  // Three requests were answered: two orders and a cancel.
  assertEquals(sampleOf(text, `hftlive_order_latency_seconds_count{${LABELS}}`), 3);
  const sum = sampleOf(text, `hftlive_order_latency_seconds_sum{${LABELS}}`)!;
  assert(Math.round(sum * 1e9) >= 9e6, `three times at least 3 ms: ${sum}`);
  assertEquals(sampleOf(text, `hftlive_order_latency_seconds_bucket{${LABELS},le="0.002"}`), 0);
  const by = (name: string, status: string) =>
    sampleOf(text, `hftlive_${name}{${LABELS},status="${status}"}`);
  assertEquals(by("orders", "canceled"), 1);
  assertEquals(by("orders", "new"), 0);
  assertEquals(by("orders", "filled"), 1);
  assert(by("order_updates_total", "filled")! >= 1);
  assertEquals(sampleOf(text, `hftlive_position_base_units{${LABELS}}`), 0.5);
  assertEquals(sampleOf(text, `hftlive_health_level{${LABELS}}`), 3);
  assertEquals(sampleOf(text, "hftlive_client_running"), 1);
  assert(sampleOf(text, `hftlive_feed_age_seconds{${LABELS}}`)! >= 0);
});

Deno.test("counts stay when the client is closed, and what cannot be known any more goes", async () => {
  const client = await LiveClient.start(new StubBot({ seed: 3, clock: "real" }));
  await using metrics = new Metrics();
  metrics.observe(client);
  await client.ready();
  const before = sampleOf(
    (await metrics.prometheus()).text,
    `hftlive_events_total{${LABELS},kind="snapshot"}`,
  );
  await client.close();
  const { text } = await metrics.prometheus();
  assertEquals(sampleOf(text, `hftlive_events_total{${LABELS},kind="snapshot"}`), before);
  assertEquals(sampleOf(text, "hftlive_client_running"), 0);
  assertEquals(sampleOf(text, `hftlive_health_level{${LABELS}}`), 0);
  assertEquals(sampleOf(text, `hftlive_position_base_units{${LABELS}}`), undefined);
  assertEquals(sampleOf(text, `hftlive_malformed_messages_total{${LABELS}}`), 0);
});

Deno.test("metrics observe one client", async () => {
  await using first = await LiveClient.start(new StubBot({ seed: 3 }));
  await using second = await LiveClient.start(new StubBot({ seed: 3 }));
  await using metrics = new Metrics();
  metrics.observe(first);
  assertThrows(() => metrics.observe(second), BotError, "Cannot observe client");
});

Deno.test("what is not observed is not told", async () => {
  await using metrics = new Metrics();
  const { text, contentType } = await metrics.prometheus();
  assertStringIncludes(contentType, "text/plain; version=0.0.4");
  assertEquals(samplesOf(text).filter((line) => !line.startsWith("hftlive_info")), []);
  for (const name of METRIC_NAMES) assertStringIncludes(text, `# HELP ${name} `);
});

Deno.test("latencies fall into the bucket of the next bound, and clocks that disagree are counted", () => {
  const buckets = new LatencyBuckets();
  for (const bound of LATENCY_BOUNDS_NS) {
    buckets.record(bound);
    buckets.record(bound + 1);
  }
  buckets.record(-5);
  assertEquals(buckets.counts[0], 2, "the first bound, and what is below 0");
  assertEquals(buckets.counts[1], 2);
  assertEquals(buckets.counts.at(-1), 1, "above every bound");
  assertEquals(buckets.count, 2 * LATENCY_BOUNDS_NS.length + 1);
  assertEquals(buckets.negative, 1);
  assertEquals(buckets.counts.reduce((sum, each) => sum + each), buckets.count);
});

Deno.test({
  name: "promtool takes the metrics, and finds nothing to complain about",
  ignore: program === undefined,
  async fn() {
    const bot = new StubBot({
      instruments: [{ connector: 'odd"name\\', symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 }],
      seed: 3,
      clock: "real",
    });
    await using client = await LiveClient.start(bot);
    await using metrics = new Metrics();
    metrics.observe(client);
    await client.ready();
    const { text } = await metrics.prometheus();
    assertStringIncludes(text, 'connector="odd\\"name\\\\"');
    assertEquals(await promtool(program!, ["check", "metrics"], text), { code: 0, output: "" });
  },
});

Deno.test({
  name: "every metric that is documented has a value when everything is observed",
  ignore: noNative !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const connector = await simSettings(directory, SYNTHETIC, {
      watchdog: { symbols: [{ ...BTCUSDT, feedTimeoutMs: 60_000 }] },
    });
    const socket = directory.file("run/control.sock");
    await using stack = new AsyncDisposableStack();
    const supervisor = stack.use(await Supervisor.create(settingsOf(directory, connector)));
    stack.use(await ControlServer.listen(supervisor, socket));
    supervisor.start();
    await supervisor.settled();
    const bot = new NativeBot({ instruments: [{ connector: connector.name, ...BTCUSDT }] });
    const client = stack.use(await LiveClient.start(bot));
    const exchange = stack.use(await PaperExchange.start({ market: new StubBot({ seed: 3 }) }));
    const connectors = new ControlClient(socket);
    const dashboard = stack.use(await Dashboard.start({ client, connectors, exchange, port: 0 }));
    await client.ready({ timeoutMs: 30_000 });
    const without = async (): Promise<string[]> => {
      const { text } = await dashboard.metrics.prometheus();
      const told = new Set(samplesOf(text).map((line) => /^\w+/.exec(line)?.[0]));
      return METRIC_NAMES.filter((name) => !told.has(name) && !told.has(`${name}_count`));
    };
    // The supervisor and the exchange are asked twice a second.
    await until("all of them", async () => (await without()).length === 0)
      .catch(async (cause) => {
        throw new Error(`without a value: ${await without()}`, { cause });
      });
    if (program === undefined) return;
    const { text } = await dashboard.metrics.prometheus();
    assertEquals(await promtool(program, ["check", "metrics"], text), { code: 0, output: "" });
  },
});
