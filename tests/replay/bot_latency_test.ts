import { assert, assertEquals } from "@std/assert";
import type { OrderLatencyRow } from "@hftlive/hftlive";
import { NsTime } from "@hftlive/hftlive";
import { LatencyTable } from "../../lib/replay/latency_table.ts";
import { numbers } from "../bot/numbers.ts";
import { START } from "./support.ts";

const at = (ns: number) => START + BigInt(ns);

function row(request: number, exch: number | undefined, response: number): OrderLatencyRow {
  return {
    requestTimestamp: at(request),
    exchTimestamp: exch === undefined ? 0n : at(exch),
    responseTimestamp: at(response),
  };
}

function table(rows: readonly OrderLatencyRow[]): LatencyTable {
  const latency = new LatencyTable(rows);
  latency.place(NsTime.from(START));
  return latency;
}

Deno.test("latencies lie on straight lines between measured requests", () => {
  const latency = table([row(1_000, 1_100, 1_300), row(2_000, 2_200, 2_600)]);
  const entries = [0, 999, 1_000, 1_500, 1_999, 2_000, 9_000].map((ns) => latency.entryNs(ns));
  assertEquals(entries, [100, 100, 100, 150, 200, 200, 200]);
  const responses = [0, 1_100, 1_650, 2_200, 9_000].map((ns) => latency.responseNs(ns));
  assertEquals(responses, [200, 200, 300, 400, 400]);
});

Deno.test("beside a request that was not handled, requests are rejected after its round trip", () => {
  const latency = table([row(0, 100, 200), row(1_000, undefined, 3_000), row(2_000, 2_100, 2_400)]);
  // Between round trips of 200, 2,000 and 400 ns.
  const entries = [0, 500, 1_000, 1_500, 1_999, 2_000].map((ns) => latency.entryNs(ns));
  assertEquals(entries, [-200, -1_100, -2_000, -1_200, -402, 100]);
  assertEquals(latency.responseNs(1_100), 200);
});

Deno.test("requests may come together, and be handled in another order", () => {
  const latency = table([row(0, 500, 600), row(0, 100, 400), row(1_000, 1_100, 1_200)]);
  assertEquals([0, 500, 1_000].map((ns) => latency.entryNs(ns)), [100, 100, 100]);
  assertEquals([100, 300, 500, 1_100].map((ns) => latency.responseNs(ns)), [300, 200, 100, 100]);
});

Deno.test("latencies do not depend on what times are counted from", () => {
  const rows = [row(1_000, 1_100, 1_300), row(2_000, 2_200, 2_600)];
  const latency = new LatencyTable(rows);
  for (const base of [-(2 ** 40), 0, 1_234, 2 ** 50]) {
    latency.place(NsTime.from(START).add(base));
    assertEquals([latency.entryNs(1_500 - base), latency.responseNs(1_650 - base)], [150, 300]);
  }
});

Deno.test("latencies stay between the two nearest rows", () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = numbers(seed);
    const rows: OrderLatencyRow[] = [];
    let request = 0;
    let exch = 0;
    for (let i = 0; i < 50; i++) {
      request += random.int(1, 1_000_000);
      exch = Math.max(exch, request + random.int(0, 2_000_000));
      rows.push(row(request, exch, exch + random.int(0, 2_000_000)));
    }
    const latency = table(rows);
    for (let i = 0; i < 200; i++) {
      const time = random.int(0, request + 1_000_000);
      const next = rows.findIndex(({ requestTimestamp }) => requestTimestamp > at(time));
      const near = next === -1 ? [rows.at(-1)!] : rows.slice(Math.max(0, next - 1), next + 1);
      const bounds = near.map((each) => Number(each.exchTimestamp - each.requestTimestamp));
      const entry = latency.entryNs(time);
      assert(
        entry >= Math.min(...bounds) && entry <= Math.max(...bounds),
        `${entry} not within ${bounds} at ${time}, seed ${seed}`,
      );
    }
  }
});
