/**
 * Trade from TypeScript through hftbacktest's Rust live engine. One strategy runs unchanged on a
 * random market, on recorded data, on a paper exchange behind the real connector, and live.
 *
 * A bot is one thread's view of its markets: book, trades, position, orders. Every bot is a
 * {@linkcode LiveBot}, so that a program differs from test to live by one line. A
 * {@linkcode LiveClient} runs a bot asynchronously:
 *
 * ```ts
 * import { LiveClient, StubBot } from "@hftlive/hftlive";
 *
 * const bot = new StubBot({ seed: 7 });
 * await using client = await LiveClient.start(bot);
 *
 * for await (const trade of client.trades()) {
 *   console.log(trade.side, trade.qty, trade.price);
 *   const { bestBid } = bot.depth(trade.asset);
 *   const order = await client.submitOrder({ side: "buy", price: bestBid, qty: 0.001 });
 *   console.log(order.orderId, order.status);
 *   break;
 * }
 * ```
 *
 * Times are nanoseconds since the Unix epoch, as `bigint` in objects and as numbers where a name
 * ends in `Ns`; what ends in `Ms` is milliseconds. Prices are in quote currency, quantities in base units.
 * Errors thrown on purpose are {@linkcode HftliveError}s.
 *
 * | part | begin with |
 * |---|---|
 * | bots | {@linkcode StubBot}, {@linkcode ReplayBot}, {@linkcode NativeBot}; what they share: {@linkcode LiveBot} |
 * | reading events in place | {@linkcode EventBatch}, {@linkcode EventKind}, {@linkcode MarketDepth} |
 * | events and orders as objects | {@linkcode BotEvent}, {@linkcode TradeEvent}, {@linkcode DepthEvent}, {@linkcode OrderUpdateEvent}, {@linkcode Order} |
 * | the asynchronous client | {@linkcode LiveClient}, {@linkcode LiveClientOptions}, {@linkcode Health}, {@linkcode MarketStatistics} |
 * | strategies | {@linkcode defineStrategy}, {@linkcode runStrategy}, {@linkcode RunReport} |
 * | recorded markets | {@linkcode Recorder}, {@linkcode openRecording}, {@linkcode recoverRecording} |
 * | connectors | {@linkcode ConnectorRunner}, {@linkcode Supervisor}, {@linkcode ControlClient}, {@linkcode validateConfigFile} |
 * | the paper exchange | {@linkcode PaperExchange} |
 * | watching | {@linkcode Dashboard}, {@linkcode Metrics} |
 * | the native library | {@linkcode findNativeLibrary}, {@linkcode probeChannel} |
 * | errors | {@linkcode BotError}, {@linkcode InvalidInputError}, {@linkcode MissingPermissionError}, {@linkcode OrderUnknownError}, {@linkcode NotReadyError} |
 *
 * @module
 */

export {
  type ChannelSizes,
  type ChannelSizesOptions,
  DEFAULT_CHANNEL_SIZES,
} from "./lib/model/channel_sizes.ts";
export * from "./lib/model/codes.ts";
export * from "./lib/model/errors.ts";
export * from "./lib/model/events.ts";
export * from "./lib/model/instrument.ts";
export * from "./lib/model/order.ts";
export * from "./lib/model/time.ts";
export * from "./lib/model/typed_event_target.ts";
export * from "./lib/bot/batch.ts";
export * from "./lib/bot/live_bot.ts";
export * from "./lib/bot/market_depth.ts";
export * from "./lib/bot/record.ts";
export type { QueueModelOptions } from "./lib/matching/queue_model.ts";
export * from "./lib/native/errors.ts";
export { type FindLibraryOptions, findNativeLibrary } from "./lib/native/library.ts";
export * from "./lib/native/native_bot.ts";
export type { NativeBotOptions, NativeInstrument } from "./lib/native/native_bot_options.ts";
export * from "./lib/native/probe.ts";
export type { DepthKind } from "./lib/native/symbols.ts";
export * from "./lib/client/mod.ts";
export * from "./lib/connector/mod.ts";
export * from "./lib/exchange/mod.ts";
export { RecordingError, type RecordingPosition } from "./lib/replay/errors.ts";
export type { MarketSource, RecordBlock } from "./lib/replay/market_source.ts";
export { openRecording, type OpenRecordingOptions } from "./lib/replay/open_recording.ts";
export type {
  OrderLatencyRow,
  Recording,
  ReplayBotOptions,
  ReplayInstrument,
  ReplayOrderLatency,
} from "./lib/replay/options.ts";
export { readOrderLatencies } from "./lib/replay/order_latency_file.ts";
export { ReplayBot, type ReplayStatus } from "./lib/replay/replay_bot.ts";
export * from "./lib/replay/record/mod.ts";
export { StubBot } from "./lib/stub/stub_bot.ts";
export type {
  StubBotOptions,
  StubFillModel,
  StubInstrument,
  StubOrderLatency,
  StubOutage,
  StubRange,
} from "./lib/stub/options.ts";
export * from "./lib/strategy/mod.ts";
export * from "./lib/observe/mod.ts";
