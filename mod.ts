/**
 * hftlive: trade from TypeScript through hftbacktest's Rust live engine.
 *
 * @module
 */

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
  StubRange,
} from "./lib/stub/options.ts";
export * from "./lib/strategy/mod.ts";
export * from "./lib/observe/mod.ts";
