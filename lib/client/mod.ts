/**
 * The asynchronous client: streams, orders, health, statistics.
 *
 * @module
 */

export type { BatchStream } from "./batch_relay.ts";
export type { BookSnapshot } from "./book_snapshot.ts";
export {
  type ClientErrorDetail,
  ClientErrorEvent,
  ClientOverflowEvent,
  ConnectionChangeEvent,
  type LiveClientEventMap,
} from "./client_events.ts";
export { NotReadyError, type OrderAction, OrderTimeoutError, OrderUnknownError } from "./errors.ts";
export type { Health, HealthLevel, InstrumentHealth } from "./health.ts";
export type { ReadyOptions } from "./health_watch.ts";
export { Histogram } from "./histogram.ts";
export { IDLE_STRATEGIES, type IdleStrategyName } from "./idle.ts";
export { type GetOptions, LiveClient } from "./live_client.ts";
export type { LiveClientOptions } from "./options.ts";
export type { CancelAllOptions, CancelOrderOptions, SubmitOrderRequest } from "./order_desk.ts";
export { OrderIdGenerator } from "./order_id.ts";
export type { EndReason } from "./session.ts";
export {
  MarketStatistics,
  type MarketStatisticsOptions,
  type MarketSummary,
  type StatisticsSample,
} from "./statistics.ts";
export type { BookUpdate, QueuedStreamOptions, StreamOptions } from "./streams.ts";
export type { EventStream } from "./subscription.ts";
export type { WaitOptions } from "./wait.ts";
