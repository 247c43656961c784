/**
 * How Binance says no: an HTTP status, a code, and a text.
 *
 * The codes are those of Binance's documentation; the texts are this package's own.
 *
 * @module
 */

import { HftliveError } from "../../model/errors.ts";

/** A request was refused. */
export class ApiError extends HftliveError {
  /** Name of the class. */
  override name = "ApiError";
  /** HTTP status of the answer. */
  readonly status: number;
  /** Binance's number. */
  readonly code: number;
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param code Binance's number.
   * @param message What was wrong.
   * @param options HTTP status (400 unless given) and headers.
   */
  constructor(
    code: number,
    message: string,
    options: { status?: number; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.headers = options.headers ?? {};
  }

  /** The answer. */
  toResponse(headers: Readonly<Record<string, string>> = {}): Response {
    return Response.json({ code: this.code, msg: this.message }, {
      status: this.status,
      headers: { ...headers, ...this.headers },
    });
  }
}

/** Makes the errors, one a code. */
export const refuse = {
  internal: (): ApiError => new ApiError(-1001, "Internal error; try again.", { status: 503 }),
  tooManyRequests: (limit: number, retryAfterS: number): ApiError =>
    new ApiError(-1003, `Too many requests; the limit is ${limit} request weight a minute.`, {
      status: 429,
      headers: { "retry-after": String(retryAfterS) },
    }),
  banned: (until: number, retryAfterS: number): ApiError =>
    new ApiError(-1003, `Way too many requests; IP banned until ${until}.`, {
      status: 418,
      headers: { "retry-after": String(retryAfterS) },
    }),
  tooManyOrders: (limit: number, interval: string): ApiError =>
    new ApiError(-1015, `Too many new orders; the limit is ${limit} orders per ${interval}.`, {
      status: 429,
    }),
  bodyTooLarge: (limit: number): ApiError =>
    new ApiError(-1101, `Too many parameters; a body may have ${limit} bytes.`, { status: 413 }),
  timestampTooOld: (recvWindow: number): ApiError =>
    new ApiError(-1021, `Timestamp is outside of the recvWindow of ${recvWindow} ms.`),
  timestampAhead: (): ApiError =>
    new ApiError(-1021, "Timestamp is more than 1000 ms ahead of the server's time."),
  signature: (): ApiError => new ApiError(-1022, "Signature is not valid."),
  illegalCharacters: (name: string, range: string): ApiError =>
    new ApiError(-1100, `Illegal characters in parameter '${name}'; legal range is '${range}'.`),
  duplicateParameter: (): ApiError =>
    new ApiError(-1101, "Too many parameters; a parameter was sent twice."),
  missing: (name: string): ApiError =>
    new ApiError(-1102, `Mandatory parameter '${name}' was not sent, was empty, or malformed.`),
  missingOneOf: (one: string, other: string): ApiError =>
    new ApiError(-1102, `One of '${one}' and '${other}' must be sent; both were empty.`),
  notRequired: (name: string): ApiError =>
    new ApiError(-1106, `Parameter '${name}' was sent when not required.`),
  precision: (name: string): ApiError =>
    new ApiError(-1111, `Precision of '${name}' is over the maximum of this symbol.`),
  timeInForce: (): ApiError => new ApiError(-1115, "Invalid timeInForce."),
  orderType: (): ApiError => new ApiError(-1116, "Invalid orderType."),
  side: (): ApiError => new ApiError(-1117, "Invalid side."),
  symbol: (): ApiError => new ApiError(-1121, "Invalid symbol."),
  listenKey: (): ApiError => new ApiError(-1125, "This listenKey does not exist."),
  invalid: (name: string): ApiError => new ApiError(-1130, `Data for '${name}' is not valid.`),
  recvWindow: (): ApiError => new ApiError(-1131, "recvWindow must be at most 60000."),
  responseType: (): ApiError => new ApiError(-1136, "Invalid newOrderRespType."),
  unknownOrder: (): ApiError => new ApiError(-2011, "Unknown order sent."),
  noSuchOrder: (): ApiError => new ApiError(-2013, "Order does not exist."),
  keyFormat: (): ApiError => new ApiError(-2014, "API-key format invalid.", { status: 401 }),
  key: (): ApiError => new ApiError(-2015, "Invalid API-key.", { status: 401 }),
  margin: (): ApiError => new ApiError(-2019, "Margin is insufficient."),
  reduceOnly: (): ApiError => new ApiError(-2022, "ReduceOnly order is rejected."),
  tooManyOpenOrders: (): ApiError => new ApiError(-2025, "Reached the limit of open orders."),
  priceNotPositive: (): ApiError => new ApiError(-4001, "Price must be greater than 0."),
  priceTooHigh: (): ApiError => new ApiError(-4002, "Price is greater than the maximum price."),
  qtyNotPositive: (): ApiError => new ApiError(-4003, "Quantity must be greater than 0."),
  qtyTooSmall: (): ApiError => new ApiError(-4004, "Quantity is less than the minimum."),
  qtyTooLarge: (): ApiError => new ApiError(-4005, "Quantity is greater than the maximum."),
  tick: (): ApiError => new ApiError(-4014, "Price is not a multiple of the tick size."),
  clientIdLength: (): ApiError => new ApiError(-4015, "Client order id is longer than 36."),
  depthLimit: (limit: string): ApiError => new ApiError(-4021, `'${limit}' is no depth limit.`),
  lot: (): ApiError => new ApiError(-4023, "Quantity is not a multiple of the step size."),
  positionSide: (): ApiError =>
    new ApiError(-4061, "Position side does not match the one-way position mode."),
  duplicateClientId: (): ApiError => new ApiError(-4116, "ClientOrderId is duplicated."),
  minNotional: (least: string): ApiError =>
    new ApiError(-4164, `Order's notional must be at least ${least} unless it is reduce only.`),
  unsupportedType: (): ApiError =>
    new ApiError(-4120, "Order type is not supported for this endpoint."),
  path: (method: string, path: string): ApiError =>
    new ApiError(-5000, `Path ${path}, method ${method} is invalid.`, { status: 404 }),
  wouldTake: (): ApiError => new ApiError(-5022, "The post-only order would take and is rejected."),
  filter: (name: string): ApiError => new ApiError(-1013, `Filter failure: ${name}.`),
  rejected: (why: string): ApiError => new ApiError(-2010, why),
  unchanged: (): ApiError => new ApiError(-5027, "No need to modify the order."),
} as const;
