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
export * from "./lib/bot/batch.ts";
export * from "./lib/bot/live_bot.ts";
export * from "./lib/bot/market_depth.ts";
export * from "./lib/bot/record.ts";
