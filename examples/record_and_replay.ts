/**
 * Records a market while trading in it, reads the file back, replays it, and compares: the same
 * trades, volumes and best prices must come out as went in.
 *
 *     deno run -P=record examples/record_and_replay.ts DIRECTORY
 *     deno run -P=record examples/record_and_replay.ts DIRECTORY --connector NAME --seconds 60
 *
 * Without a connector it records ten thousand steps of a random market, which take less than a second.
 * docs/recording.md tells what is in the files, and what a full disk or a crash does.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import {
  HftliveError,
  InvalidInputError,
  LiveClient,
  MarketStatistics,
  NativeBot,
  openRecording,
  Recorder,
  type RecordingReport,
  ReplayBot,
  StubBot,
} from "@hftlive/hftlive";

const BTC = { symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };

try {
  const { _: [directory], connector, seconds } = parseArgs(Deno.args, {
    string: ["_", "connector", "seconds"],
    default: { seconds: "10" },
  });
  if (typeof directory !== "string") {
    throw new InvalidInputError("DIRECTORY", directory, "where to put the recording");
  }
  if (!(Number(seconds) > 0)) throw new InvalidInputError("--seconds", seconds, "a number above 0");
  const live = await record({ directory, connector, runMs: Number(seconds) * 1000 });
  console.log(`recorded: ${line(live.statistics)}`);
  const paths = live.report.files.map(({ path }) => path);

  const read = paths.map(countRecords).reduce((sum, count) => sum + count, 0);
  console.log(`read: ${read} records in ${paths.join(", ")}`);

  const replayed = await replay(paths);
  console.log(`replayed: ${line(replayed)}`);
  if (line(replayed) !== line(live.statistics)) throw new HftliveError("The replay differs");
} catch (error) {
  if (!(error instanceof HftliveError)) throw error;
  console.error(`record_and_replay: ${error.message}`);
  Deno.exitCode = 1;
}

interface Plan {
  readonly directory: string;
  readonly connector: string | undefined;
  readonly runMs: number;
}

/** Trades; the recorder and the statistics see every batch that the client polls. */
async function record(
  { directory, connector, runMs }: Plan,
): Promise<{ statistics: MarketStatistics; report: RecordingReport }> {
  const bot = connector === undefined
    ? new StubBot({ instruments: [{ connector: "stub", ...BTC }], maxFeeds: 10_000 })
    : new NativeBot({ instruments: [{ connector, ...BTC }] });
  await using client = await LiveClient.start(bot, { signal: AbortSignal.timeout(runMs) });
  // Made in the turn in which the client was started, both miss nothing.
  await using recorder = new Recorder(bot, { directory });
  recorder.addEventListener("error", ({ detail }) => console.error(detail.message));
  const statistics = new MarketStatistics(bot);
  const consumers = [recorder.follow(client), count(client, statistics)];

  await client.ready();
  await client.submitOrder({ side: "buy", price: bot.depth(0).bestBid, qty: BTC.lotSize });
  const [end] = await client.cancelAll();
  console.log(`traded: an order was ${end?.status ?? "filled"}`);

  // Until the data has ended, or the time has passed.
  await Promise.all(consumers);
  const report = await recorder.close();
  if (report.failure !== undefined) throw report.failure;
  console.log(`lost: ${report.dropped} events, ${report.overflows} overflows of the channel`);
  return { statistics, report };
}

/** All records of a file, read block by block, however large it is. */
function countRecords(path: string): number {
  let records = 0;
  for (const source of openRecording(path)) {
    using open = source;
    for (let block = open.next(); block !== undefined; block = open.next()) {
      records += block.length;
    }
  }
  return records;
}

async function replay(recording: readonly string[]): Promise<MarketStatistics> {
  const bot = new ReplayBot({ instruments: [{ connector: "replay", ...BTC, recording }] });
  await using client = await LiveClient.start(bot);
  const statistics = new MarketStatistics(bot);
  await count(client, statistics);
  return statistics;
}

async function count(client: LiveClient, statistics: MarketStatistics): Promise<void> {
  for await (const batch of client.batches()) statistics.add(batch);
}

function line(statistics: MarketStatistics): string {
  const { totalTrades, buyVolume, sellVolume, lastBid, lastAsk } = statistics.toJSON();
  return `${totalTrades} trades, ${buyVolume.toFixed(3)} bought, ${sellVolume.toFixed(3)} sold, ` +
    `book ${lastBid} / ${lastAsk} at the end`;
}
