import { ReplayBot, type ReplayBotOptions, StubBot, type StubBotOptions } from "@hftlive/hftlive";
import { MemorySource, recordBot } from "../replay/memory.ts";
import { RECORDING, recordingMissing } from "../support/recording.ts";
import { describeLiveBot } from "./suite.ts";

const START = 1_700_000_000_000_000_000n;
const LAST_TRADES = 20;

/** A recorded run of the stub, made when it is first needed. */
function recorded(options: StubBotOptions): () => MemorySource {
  let records: Uint8Array<ArrayBuffer> | undefined;
  return () => {
    if (records === undefined) {
      using stub = new StubBot({
        maxFeeds: 20_000,
        stepsPerPoll: 50,
        startTime: START,
        ...options,
      });
      records = recordBot(stub);
    }
    return new MemorySource(records);
  };
}

const BTC = { connector: "replay", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 } as const;
const btc = recorded({ seed: 1 });
const btcWithJitter = recorded({ seed: 2, feedLatencyJitterNs: 3_000_000, volatilityTicks: 30 });
const XRP = { connector: "other", symbol: "xrpusdt", tickSize: 0.25, lotSize: 5 } as const;
const xrp = recorded({ seed: 3, instruments: [{ ...XRP, basePrice: 500 }] });

/** All but the first begin within the recording, so that the first answer has a book. */
const startTime = START + 10_000_000n;
const CONFIGURATIONS: Record<string, () => ReplayBotOptions> = {
  "risk averse": () => ({ instruments: [{ ...BTC, recording: btc() }], startTime }),
  "power, recorded latency, jitter": () => ({
    instruments: [{ ...BTC, recording: btcWithJitter() }],
    startTime,
    queueModel: { model: "powerProb", n: 3 },
    orderLatency: { model: "recorded", entryFactor: 3 },
  }),
  "log, interpolated latency, polls of one moment": () => ({
    instruments: [{ ...BTC, recording: btc() }],
    startTime,
    pollIntervalNs: 0,
    queueModel: { model: "logProb" },
    orderLatency: {
      model: "interpolated",
      rows: [[0n, 1_000_000n, 2_000_000n], [5_000_000_000n, 5_004_000_000n, 5_005_000_000n]]
        .map(([request, exch, response]) => ({
          requestTimestamp: START + request!,
          exchTimestamp: START + exch!,
          responseTimestamp: START + response!,
        })),
    },
  }),
  "no queue, no latency": () => ({
    instruments: [{ ...BTC, recording: btc() }],
    startTime,
    queueModel: { model: "none" },
    orderLatency: { model: "constant", entryNs: 0, responseNs: 1 },
  }),
  "several instruments and recordings in a row": () => ({
    instruments: [{ ...BTC, recording: btcWithJitter() }, { ...XRP, recording: [xrp(), xrp()] }],
    startTime,
  }),
  "real pace": () => ({
    instruments: [{ ...BTC, recording: btc() }],
    startTime,
    clock: "real",
    speed: 2,
  }),
};

for (const [name, options] of Object.entries(CONFIGURATIONS)) {
  describeLiveBot(
    `replay, ${name}`,
    () => ({
      bot: new ReplayBot({ lastTradesCapacity: LAST_TRADES, ...options() }),
      lastTradesCapacity: LAST_TRADES,
    }),
    { permissions: "none" },
  );
}

const missing = recordingMissing();
describeLiveBot(
  "replay, a collector's recording",
  () => ({
    bot: new ReplayBot({
      instruments: [{ ...BTC, recording: RECORDING }],
      // Some seconds after its first line, with the book of its snapshot.
      startTime: 1_723_161_261_000_000_000n,
      lastTradesCapacity: LAST_TRADES,
    }),
    lastTradesCapacity: LAST_TRADES,
  }),
  { permissions: { read: [RECORDING] }, ...missing !== undefined && { skip: missing } },
);
