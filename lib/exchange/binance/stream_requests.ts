/**
 * Requests on a market stream: subscribing and what goes with it.
 *
 * @module
 */

import type { StreamHub, StreamSubscriber } from "../ws/stream_hub.ts";

/** Most streams of one connection. */
const MAX_STREAMS = 200;

/** Code of an error in a request's form. */
const INVALID_REQUEST = 2;
const INVALID_JSON = 3;

const METHODS = [
  "SUBSCRIBE",
  "UNSUBSCRIBE",
  "LIST_SUBSCRIPTIONS",
  "SET_PROPERTY",
  "GET_PROPERTY",
] as const;

class RequestError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Answers a request.
 *
 * @param text The request.
 * @param subscriber Who asks.
 * @param context Where subscriptions are kept, and which names could be streams.
 * @returns The answer.
 */
export function answerStreamRequest(
  text: string,
  subscriber: StreamSubscriber,
  context: { readonly hub: StreamHub; readonly isStream: (name: string) => boolean },
): string {
  let id: unknown = null;
  try {
    const request = parseObject(text);
    id = checkId(request["id"]);
    return JSON.stringify({ result: run(request, subscriber, context), id });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return JSON.stringify({ error: { code: error.code, msg: error.message }, id });
  }
}

function run(
  request: Record<string, unknown>,
  subscriber: StreamSubscriber,
  context: { readonly hub: StreamHub; readonly isStream: (name: string) => boolean },
): unknown {
  const { hub } = context;
  switch (checkMethod(request["method"])) {
    case "SUBSCRIBE": {
      const names = checkNames(request["params"]);
      for (const name of names) {
        if (!context.isStream(name)) fail("Invalid request: invalid stream");
      }
      if (new Set([...subscriber.streams, ...names]).size > MAX_STREAMS) {
        fail(`Invalid request: a connection may have ${MAX_STREAMS} streams`);
      }
      for (const name of names) hub.add(subscriber, name);
      return null;
    }
    case "UNSUBSCRIBE":
      for (const name of checkNames(request["params"])) hub.remove(subscriber, name);
      return null;
    case "LIST_SUBSCRIPTIONS":
      return [...subscriber.streams];
    case "SET_PROPERTY": {
      const [name, value] = checkList(request["params"]);
      checkProperty(name);
      if (typeof value !== "boolean") fail("Invalid value type: expected Boolean", 1);
      subscriber.isCombined = value === true;
      return null;
    }
    case "GET_PROPERTY": {
      const [name] = checkList(request["params"]);
      checkProperty(name);
      return subscriber.isCombined;
    }
  }
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    fail("Invalid JSON", INVALID_JSON);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    fail("Invalid request: not an object");
  }
  return { ...value };
}

/** Binance documents whole numbers only, but takes and returns texts as well. */
function checkId(id: unknown): unknown {
  const isId = id === undefined || id === null || typeof id === "string" && id.length <= 64 ||
    Number.isSafeInteger(id);
  if (!isId) fail("Invalid request: request ID must be a whole number or a short text");
  return id ?? null;
}

function checkMethod(method: unknown): typeof METHODS[number] {
  const known = METHODS.find((name) => name === method);
  if (method === undefined) fail("Invalid request: missing field `method`");
  if (known === undefined) {
    fail(`Invalid request: unknown method, expected one of ${METHODS.join(", ")}`);
  }
  return known;
}

function checkList(params: unknown): unknown[] {
  if (!Array.isArray(params)) fail("Invalid request: params must be an array");
  return params;
}

function checkNames(params: unknown): string[] {
  return checkList(params).map((name) => {
    if (typeof name !== "string") fail("Invalid request: stream name must be a string");
    return name;
  });
}

function checkProperty(name: unknown): void {
  if (name !== "combined") fail("Unknown property", 0);
}

function fail(message: string, code: number = INVALID_REQUEST): never {
  throw new RequestError(code, message);
}
