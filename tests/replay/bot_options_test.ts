import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  InvalidInputError,
  type OrderLatencyRow,
  ReplayBot,
  type ReplayBotOptions,
} from "@hftlive/hftlive";
import { MemorySource } from "./memory.ts";
import { after, INSTRUMENT, level } from "./support.ts";

const NOT_NUMBERS = [NaN, Infinity, -Infinity, "1", null, true, {}, [], 1n];
const NOT_WHOLE = [...NOT_NUMBERS, 1.5];
const row = (request: unknown, exch: unknown, response: unknown) => ({
  requestTimestamp: request,
  exchTimestamp: exch,
  responseTimestamp: response,
});

/** Values that each option refuses; each must be refused by a field that begins with its name. */
const REFUSED: Record<keyof ReplayBotOptions, readonly unknown[]> = {
  instruments: [undefined, null, {}, [], "x", [null], [{ ...INSTRUMENT }]],
  clock: ["wall", "", null, 1],
  speed: [...NOT_NUMBERS, 0, -1, 1e7, 1],
  startTime: [-1n, 2n ** 63n, 1, "1", null],
  endTime: [-1n, 2n ** 63n, 1, "1", null],
  pollIntervalNs: [...NOT_WHOLE, -1, 2 ** 51],
  clockSkewNs: [NaN, 1.5, 2 ** 51, "automatic", null, 1n],
  baseLatencyNs: [...NOT_WHOLE, -1, 2 ** 51],
  orderLatency: [
    null,
    5,
    "constant",
    {},
    { model: "random" },
    { model: "constant" },
    { model: "constant", entryNs: -1, responseNs: 1 },
    { model: "constant", entryNs: 1, responseNs: 0.5 },
    { model: "recorded", entryFactor: -1 },
    { model: "recorded", responseFactor: NaN },
    { model: "interpolated" },
    { model: "interpolated", rows: [] },
    { model: "interpolated", rows: [null] },
    { model: "interpolated", rows: [row(1, 2, 3)] },
    { model: "interpolated", rows: [row(1n, 0n, 3n)] },
    { model: "interpolated", rows: [row(5n, 4n, 6n)] },
    { model: "interpolated", rows: [row(5n, 6n, 5n)] },
    { model: "interpolated", rows: [row(5n, 6n, 7n), row(4n, 6n, 7n)] },
    { model: "interpolated", rows: [row(0n, 1n, 2n ** 51n)] },
  ],
  queueModel: [null, "none", { model: "fifo" }, { model: "powerProb" }],
  makerFee: [...NOT_NUMBERS, -2, 2],
  takerFee: [...NOT_NUMBERS, -2, 2],
  skipDamaged: [null, "yes", 1],
  lastTradesCapacity: [...NOT_WHOLE, -1],
  journalCapacity: [...NOT_WHOLE, 0, -1],
};

const source = () => new MemorySource([level("buy", 100, 1, after(0))]);

function refusal(options: unknown): InvalidInputError {
  return assertThrows(() => new ReplayBot(options as ReplayBotOptions), InvalidInputError);
}

for (const [name, values] of Object.entries(REFUSED)) {
  Deno.test({
    name: `option ${name} refuses what it cannot use, naming it`,
    permissions: "none",
    fn() {
      for (const value of values) {
        const recording = source();
        const instruments = [{ ...INSTRUMENT, recording }];
        const error = refusal({ instruments, [name]: value });
        assert(error.field.startsWith(name), `${error.message}`);
        assert(error.message.startsWith(`Cannot use ${error.field} = `), error.message);
        assertEquals(recording.closed, 0, "nothing was opened yet");
      }
    },
  });
}

Deno.test("an option that does not exist is refused", () => {
  const error = refusal({ instruments: [{ ...INSTRUMENT, recording: source() }], seed: 1 });
  assertEquals(error.field, "seed");
  assertEquals(refusal(undefined).field, "options");
});

Deno.test("an instrument's fields are refused by name", () => {
  const refused = (changed: object) =>
    refusal({ instruments: [{ ...INSTRUMENT, recording: source(), ...changed }] }).field;
  assertEquals(refused({ symbol: "" }), "instruments[0].symbol");
  assertEquals(refused({ tickSize: 0 }), "instruments[0].tickSize");
  assertEquals(refused({ connector: "a b" }), "instruments[0].connector");
  assertEquals(refused({ recording: [] }), "instruments[0].recording");
  assertEquals(refused({ recording: "" }), "instruments[0].recording");
  assertEquals(refused({ recording: [source(), 5] }), "instruments[0].recording[1]");
  assertEquals(refused({ lastTradesCapacity: -1 }), "instruments[0].lastTradesCapacity");
  const twice = { ...INSTRUMENT, recording: source() };
  assertEquals(refusal({ instruments: [twice, twice] }).field, "instruments[1].symbol");
});

Deno.test("a recording without any event is refused, and closed", () => {
  const recording = new MemorySource([]);
  const error = refusal({ instruments: [{ ...INSTRUMENT, recording }] });
  assertEquals(
    error.message,
    'Cannot use instruments[0].recording = "memory": ' +
      "expected a recording with market events of btcusdt",
  );
  assertEquals(recording.closed, 1);
});

Deno.test("an end before the start is refused", () => {
  const instruments = [{ ...INSTRUMENT, recording: source() }];
  assertEquals(refusal({ instruments, startTime: 5n, endTime: 4n }).field, "endTime");
});

Deno.test({
  name: "values at the edge are accepted, and recordings in memory need no permission",
  permissions: "none",
  fn() {
    const rows: OrderLatencyRow[] = [
      { requestTimestamp: 0n, exchTimestamp: 0n, responseTimestamp: 0n },
      { requestTimestamp: 1n, exchTimestamp: 1n, responseTimestamp: 1n },
    ];
    const accepted: Partial<ReplayBotOptions>[] = [
      { clock: "real", speed: 0.001 },
      { clock: "real" },
      { clock: "virtual", speed: undefined },
      { startTime: 0n, endTime: 0n },
      { startTime: 2n ** 63n - 1n },
      { pollIntervalNs: 0 },
      { clockSkewNs: -5 },
      { clockSkewNs: "none" },
      { baseLatencyNs: 0 },
      { orderLatency: { model: "recorded" } },
      { orderLatency: { model: "interpolated", rows } },
      { queueModel: { model: "powerProb", n: 0 } },
      { makerFee: -1, takerFee: 1 },
      { lastTradesCapacity: 0, journalCapacity: 1 },
    ];
    for (const options of accepted) {
      new ReplayBot({ instruments: [{ ...INSTRUMENT, recording: source() }], ...options }).close();
    }
  },
});
