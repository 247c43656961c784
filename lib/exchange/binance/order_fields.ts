/**
 * Fields that orders have on every market.
 *
 * @module
 */

import type { DecimalGrid, GridProblem } from "../market/decimal_grid.ts";
import { type ApiError, refuse } from "./errors.ts";
import type { RequestParams } from "./params.ts";

const DECIMAL_RANGE = "^[0-9]{1,20}(\\.[0-9]{1,20})?$";
const CLIENT_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;

/** Whether it buys. */
export function readSide(params: RequestParams): boolean {
  const side = params.required("side");
  if (side !== "BUY" && side !== "SELL") throw refuse.side();
  return side === "BUY";
}

/** The client's id of a new order, or a new one. */
export function readClientId(params: RequestParams, tooLong: () => ApiError): string {
  const id = params.optional("newClientOrderId");
  if (id === undefined) return randomClientId();
  if (id.length > 36) throw tooLong();
  if (!CLIENT_ID.test(id)) throw refuse.illegalCharacters("newClientOrderId", CLIENT_ID.source);
  return id;
}

/** An id such as Binance gives. */
export function randomClientId(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 22);
}

/**
 * A price or a quantity.
 *
 * @param params The request.
 * @param name Which of its parameters.
 * @param grid Its grid.
 * @param errors What a market says to a value between two steps, and to one that is too large.
 * @returns The number of steps.
 */
export function readSteps(
  params: RequestParams,
  name: string,
  grid: DecimalGrid,
  errors: { readonly offGrid: () => ApiError; readonly tooLarge: () => ApiError },
): number {
  const steps = grid.parse(params.required(name));
  if (typeof steps === "number") return steps;
  const own: Record<GridProblem, () => ApiError> = {
    malformed: () => refuse.illegalCharacters(name, DECIMAL_RANGE),
    tooPrecise: () => refuse.precision(name),
    offGrid: errors.offGrid,
    tooLarge: errors.tooLarge,
  };
  throw own[steps]();
}
