/**
 * Requests for orders, and the exchange's answers to them.
 *
 * @module
 */

import type { LiveBot } from "../bot/live_bot.ts";
import { isActive, isFinal, type OrderType, type TimeInForce } from "../model/codes.ts";
import { BotError, HftliveError } from "../model/errors.ts";
import type { Order } from "../model/order.ts";
import type { ErrorEvent, OrderUpdateEvent } from "../model/events.ts";
import { type OrderAction, OrderTimeoutError, OrderUnknownError } from "./errors.ts";
import { OrderIdGenerator } from "./order_id.ts";
import { checkWait, Waiter, type WaitOptions } from "./wait.ts";

/** An order to submit. */
export interface SubmitOrderRequest {
  /**
   * Asset number.
   *
   * @default {0}
   */
  readonly asset?: number | undefined;
  /** Buy or sell. */
  readonly side: "buy" | "sell";
  /** Limit price on the tick grid, in quote currency; not needed for a market order. */
  readonly price?: number | undefined;
  /** Quantity on the lot grid, in base units. */
  readonly qty: number;
  /**
   * Limit or market.
   *
   * @default {"limit"}
   */
  readonly orderType?: OrderType | undefined;
  /**
   * How long it stays.
   *
   * @default {"GTC"}
   */
  readonly timeInForce?: TimeInForce | undefined;
  /**
   * Unique id, 0 to 2^64-1.
   *
   * @default one made from the wall clock, which no other client gives out
   */
  readonly orderId?: bigint | undefined;
}

/** Which order to cancel beside its id, and how long to wait. */
export interface CancelOrderOptions extends WaitOptions {
  /**
   * Asset number.
   *
   * @default {0}
   */
  readonly asset?: number | undefined;
}

/** Whose orders to cancel, and how long to wait. */
export interface CancelAllOptions extends WaitOptions {
  /** Asset number. Default: every instrument. */
  readonly asset?: number | undefined;
}

interface Pending {
  readonly action: OrderAction;
  readonly asset: number;
  readonly orderId: bigint;
  readonly waiter: Waiter<OrderUpdateEvent>;
  /** Exchange time of the order when its cancel was sent; undefined while the cancel is held back. */
  sentAt: bigint | undefined;
  /** An update that a refused cancel would look like. */
  refusal: OrderUpdateEvent | undefined;
}

/** Why no answer will come about an order that is lost. */
const LOST = "its connector does not know it any more";

/** Sends requests for orders and settles them with the exchange's answers. */
export class OrderDesk {
  readonly #bot: LiveBot;
  readonly #timeoutMs: number;
  readonly #ids = new OrderIdGenerator();
  readonly #pending = new Set<Pending>();

  /**
   * @param bot Where orders go.
   * @param timeoutMs How long to wait for an answer by default, ms.
   */
  constructor(bot: LiveBot, timeoutMs: number) {
    this.#bot = bot;
    this.#timeoutMs = timeoutMs;
  }

  /** How many answers are awaited. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** Sends an order; see `LiveClient.submitOrder`. */
  submit(request: SubmitOrderRequest, options: WaitOptions): Promise<OrderUpdateEvent> {
    checkWait(options);
    options.signal?.throwIfAborted();
    const { asset = 0, side, qty, orderType = "limit", timeInForce = "GTC" } = request;
    const orderId = request.orderId ?? this.#ids.next();
    const price = request.price ?? (orderType === "market" ? 0 : NaN);
    if (side === "buy") {
      this.#bot.submitBuyOrder(asset, orderId, price, qty, timeInForce, orderType);
    } else if (side === "sell") {
      this.#bot.submitSellOrder(asset, orderId, price, qty, timeInForce, orderType);
    } else {
      throw new BotError(
        "invalidOrderRequest",
        `Cannot submit order: side = ${String(side)}, expected buy or sell`,
      );
    }
    return this.#await("submit", asset, orderId, options);
  }

  /** Asks to cancel an order; see `LiveClient.cancelOrder`. */
  cancel(orderId: bigint, options: CancelOrderOptions): Promise<OrderUpdateEvent> {
    checkWait(options);
    options.signal?.throwIfAborted();
    const { asset = 0 } = options;
    // The exchange can tell of an order before the connector has the answer to its submission.
    const isHeld = isBeingSubmitted(this.#bot.order(asset, orderId));
    if (!isHeld) this.#bot.cancel(asset, orderId);
    return this.#await("cancel", asset, orderId, { ...options, isHeld });
  }

  /** Asks to cancel every open order; see `LiveClient.cancelAll`. */
  async cancelAll(options: CancelAllOptions): Promise<OrderUpdateEvent[]> {
    checkWait(options);
    options.signal?.throwIfAborted();
    const assets = options.asset === undefined ? this.#bot.instruments.keys() : [options.asset];
    const answers = [...assets].flatMap((asset) =>
      [...this.#bot.orders(asset).values()]
        .filter(({ status }) => isActive(status))
        .map((order) => this.#endOf(order, { ...options, asset }))
    );
    const results = await Promise.allSettled(answers);
    options.signal?.throwIfAborted();
    const failures = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason] : []
    );
    if (failures.length > 0) {
      const [first] = failures;
      const why = first instanceof Error ? first.message : String(first);
      throw new HftliveError(
        `Cannot cancel ${failures.length} of ${answers.length} orders: ${why}`,
        { cause: new AggregateError(failures) },
      );
    }
    return results.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
  }

  /** Settles what an update answers. */
  update(update: OrderUpdateEvent): void {
    for (const pending of this.#pending) {
      if (pending.orderId !== update.orderId || pending.asset !== update.asset) continue;
      if (isLost(update, pending.action)) {
        pending.waiter.reject(new OrderUnknownError(pending.action, pending, LOST));
      } else if (pending.action === "submit" ? answersSubmit(update) : answersCancel(update)) {
        pending.waiter.resolve(update);
      } else if (pending.action === "cancel") {
        if (pending.sentAt === undefined) this.#sendHeld(pending);
        else if (mayRefuse(update, pending.sentAt)) pending.refusal = update;
      }
    }
  }

  /** Settles cancels that the connector says it could not carry out. */
  orderError(error: ErrorEvent): void {
    const { instruments } = this.#bot;
    const connector = instruments[error.asset]?.connector;
    for (const { asset, refusal, waiter } of this.#pending) {
      if (refusal !== undefined && instruments[asset]?.connector === connector) {
        waiter.resolve(refusal);
      }
    }
  }

  /**
   * Gives up on all answers.
   *
   * @param why Why none will come.
   * @param options The standard error options, such as `cause`.
   */
  end(why: string, options?: ErrorOptions): void {
    for (const pending of this.#pending) {
      pending.waiter.reject(new OrderUnknownError(pending.action, pending, why, options));
    }
  }

  /** The update that ends an open order, which is asked to be cancelled unless it has been. */
  async #endOf(
    { orderId, request }: Order,
    options: CancelOrderOptions & { readonly asset: number },
  ): Promise<OrderUpdateEvent> {
    const update =
      await (request === "canceled"
        ? this.#await("cancel", options.asset, orderId, options)
        : this.cancel(orderId, options));
    if (isActive(update.status)) {
      throw new HftliveError(
        `Cannot cancel order ${orderId} of asset ${options.asset}: the exchange refused to`,
      );
    }
    return update;
  }

  /** Sends a cancel that was held back, if its order's submission is answered now. */
  #sendHeld(pending: Pending): void {
    const { asset, orderId, waiter } = pending;
    const order = this.#bot.order(asset, orderId);
    if (isBeingSubmitted(order)) return;
    try {
      this.#bot.cancel(asset, orderId);
      pending.sentAt = order?.exchTimestamp ?? 0n;
    } catch (error) {
      waiter.reject(error);
    }
  }

  #await(
    action: OrderAction,
    asset: number,
    orderId: bigint,
    options: WaitOptions & { readonly isHeld?: boolean },
  ): Promise<OrderUpdateEvent> {
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const waiter = new Waiter<OrderUpdateEvent>({
      timeoutMs,
      signal: options.signal,
      onTimeout: (late) =>
        late.reject(new OrderTimeoutError(action, { asset, orderId }, timeoutMs)),
      onSettled: () => this.#pending.delete(pending),
    });
    const pending: Pending = {
      action,
      asset,
      orderId,
      waiter,
      sentAt: options.isHeld ? undefined : this.#bot.order(asset, orderId)?.exchTimestamp ?? 0n,
      refusal: undefined,
    };
    this.#pending.add(pending);
    return waiter.promise;
  }
}

/** Whether an order's submission is not answered yet, so that a bot would refuse to cancel it. */
function isBeingSubmitted(order: Order | undefined): boolean {
  return order !== undefined && isActive(order.status) && order.request === "new";
}

/**
 * Whether an update says that an order is lost, so that its request will never be answered. A
 * cancel that the exchange answered with "none" is: its request is not open any more.
 */
function isLost(update: OrderUpdateEvent, action: OrderAction): boolean {
  return update.status === "none" && (action === "submit" || update.request !== "none");
}

/**
 * Whether an update is the exchange's, and not a connector's copy of an order that is on
 * its way: that one has no exchange time yet, and its request is still open.
 */
function answersSubmit(update: OrderUpdateEvent): boolean {
  return update.request === "none" || update.exchTimestamp > 0n;
}

/** Whether an update ends an order. "none" is how a connector says that the exchange does not know it. */
function answersCancel(update: OrderUpdateEvent): boolean {
  return isFinal(update.status) || update.status === "none";
}

/**
 * Whether an update can stand for a refused cancel: the order lives, nothing is asked, and
 * nothing happened at the exchange since. A late acknowledgement looks the same, so that only
 * an error from the connector makes it one.
 */
function mayRefuse(update: OrderUpdateEvent, sentAt: bigint): boolean {
  return isActive(update.status) && update.request === "none" && update.exchTimestamp <= sentAt;
}
