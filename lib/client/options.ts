/**
 * Options of a client, with their defaults.
 *
 * @module
 */

import { checkNumber, checkOneOf } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";
import { IDLE_STRATEGIES, type IdleStrategyName } from "./idle.ts";
import { checkSignal, MAX_TIMEOUT_MS } from "./wait.ts";

/** Most entries of a queue, and of a batch. */
const MAX_QUEUE_SIZE = 1_048_576;

/** Options of `LiveClient.start`. */
export interface LiveClientOptions {
  /**
   * Trades that a queue holds before it drops its oldest.
   *
   * @default {1000}
   */
  readonly tradeQueueSize?: number | undefined;
  /**
   * Book updates that a queue holds before it drops its oldest.
   *
   * @default {1000}
   */
  readonly bookQueueSize?: number | undefined;
  /**
   * Whole books that a queue holds before it drops its oldest.
   *
   * @default {100}
   */
  readonly snapshotQueueSize?: number | undefined;
  /**
   * Time between two looks at the health, in ms. What a connection record or a market
   * event changes is noticed at once.
   *
   * @default {5000}
   */
  readonly healthIntervalMs?: number | undefined;
  /**
   * How old an instrument's last market event may be before its feed counts as lost, in ms.
   *
   * @default {10000}
   */
  readonly feedTimeoutMs?: number | undefined;
  /**
   * How long `submitOrder` and `cancelOrder` wait for an answer, in ms.
   *
   * @default {10000}
   */
  readonly orderTimeoutMs?: number | undefined;
  /**
   * What the client does while nothing happens: "busySpin" gives the event loop a turn
   * now and then and uses a whole core, "yielding" spins for a moment and then gives
   * way after each poll, "backoff" then sleeps for longer and longer. It looks for some
   * milliseconds before it sleeps where events follow each other, and less after a lone one.
   *
   * @default {"backoff"}
   */
  readonly idle?: IdleStrategyName | undefined;
  /**
   * Longest sleep of the strategy "backoff", in ms; the delay that the first event
   * after a quiet time can see. Each sleep costs processor time, so that longer ones cost less. With
   * a bot that has no `watchEvents`, which only `NativeBot` has, it is rounded down to whole
   * milliseconds, a sleep takes about a millisecond longer, and costs a turn of the event loop.
   *
   * @default {1.7}
   */
  readonly maxIdleSleepMs?: number | undefined;
  /**
   * Most records that one poll delivers. Streams whose queue is smaller can drop
   * events even though their consumer keeps up.
   *
   * @default {512}
   */
  readonly batchCapacity?: number | undefined;
  /**
   * Most polls in one turn of the event loop while nothing comes; a turn ends with the
   * first poll that brings something.
   *
   * @default {64}
   */
  readonly maxPollsPerTurn?: number | undefined;
  /**
   * When the client makes the bot forget orders that can no longer trade: "never", or
   * at each "healthInterval", after which `order` and `orders` do not know them.
   *
   * @default {"never"}
   */
  readonly clearInactiveOrders?: "never" | "healthInterval" | undefined;
  /** Closes the client. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether closing the client, or a start that fails, closes the bot.
   *
   * @default {true}
   */
  readonly closeBot?: boolean | undefined;
}

/** {@linkcode LiveClientOptions} with nothing left out. */
export type ResolvedOptions =
  & {
    readonly [K in Exclude<keyof LiveClientOptions, "signal">]-?: NonNullable<LiveClientOptions[K]>;
  }
  & { readonly signal: AbortSignal | undefined };

/**
 * Checks options and fills in the defaults.
 *
 * @param options What the caller gave.
 * @returns All options.
 * @throws {InvalidInputError} Naming the first that cannot be used.
 */
export function resolveOptions(options: LiveClientOptions): ResolvedOptions {
  checkSignal(options.signal);
  return {
    tradeQueueSize: queueSize("tradeQueueSize", options.tradeQueueSize ?? 1000),
    bookQueueSize: queueSize("bookQueueSize", options.bookQueueSize ?? 1000),
    snapshotQueueSize: queueSize("snapshotQueueSize", options.snapshotQueueSize ?? 100),
    healthIntervalMs: milliseconds("healthIntervalMs", options.healthIntervalMs ?? 5000),
    feedTimeoutMs: milliseconds("feedTimeoutMs", options.feedTimeoutMs ?? 10_000),
    orderTimeoutMs: milliseconds("orderTimeoutMs", options.orderTimeoutMs ?? 10_000),
    idle: checkOneOf("idle", options.idle ?? "backoff", IDLE_STRATEGIES),
    maxIdleSleepMs: milliseconds("maxIdleSleepMs", options.maxIdleSleepMs ?? 1.7),
    batchCapacity: queueSize("batchCapacity", options.batchCapacity ?? 512),
    maxPollsPerTurn: checkNumber("maxPollsPerTurn", options.maxPollsPerTurn ?? 64, {
      min: 1,
      max: 1_000_000,
      integer: true,
    }),
    clearInactiveOrders: checkOneOf(
      "clearInactiveOrders",
      options.clearInactiveOrders ?? "never",
      ["never", "healthInterval"],
    ),
    signal: options.signal,
    closeBot: boolean("closeBot", options.closeBot ?? true),
  };
}

/**
 * Checks the size of a queue.
 *
 * @param field Name of the option.
 * @param value What the caller gave.
 * @returns The size.
 * @throws {InvalidInputError} If it is not a whole number from 1 to 1,048,576.
 */
export function queueSize(field: string, value: unknown): number {
  return checkNumber(field, value, { min: 1, max: MAX_QUEUE_SIZE, integer: true });
}

function milliseconds(field: string, value: unknown): number {
  return checkNumber(field, value, { min: 1, max: MAX_TIMEOUT_MS });
}

function boolean(field: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw new InvalidInputError(field, value, "true or false");
  return value;
}
