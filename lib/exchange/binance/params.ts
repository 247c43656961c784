/**
 * Parameters of a request.
 *
 * @module
 */

import { ApiError, refuse } from "./errors.ts";

/** The parameters of a request, from its query and its body. */
export class RequestParams {
  readonly #values: ReadonlyMap<string, string>;

  /** @param values The parameters. */
  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /**
   * Reads query and body; where both have a parameter, the query counts.
   *
   * @throws {ApiError} If one of them cannot be decoded, or has a parameter twice.
   */
  static parse(query: string, body: string): RequestParams {
    return new RequestParams(new Map([...parseForm(body), ...parseForm(query)]));
  }

  /** A parameter; undefined if it was not sent or is empty. */
  optional(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  /** A parameter that must be there. */
  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw refuse.missing(name);
    return value;
  }

  /** Whether a parameter was sent, empty or not. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** A whole number of at least 0. */
  optionalInteger(name: string): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    if (!/^[0-9]{1,20}$/.test(text)) throw refuse.illegalCharacters(name, "^[0-9]{1,20}$");
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw refuse.invalid(name);
    return value;
  }

  /** "true" or "false"; false if it was not sent. */
  flag(name: string): boolean {
    const text = this.optional(name)?.toLowerCase();
    if (text === undefined || text === "false") return false;
    if (text !== "true") throw refuse.invalid(name);
    return true;
  }
}

/** The text that a signature is over: query and body without the signature. */
export function signedText(query: string, body: string): string {
  return withoutSignature(query) + withoutSignature(body);
}

function withoutSignature(form: string): string {
  return form.split("&").filter((pair) => !pair.startsWith("signature=")).join("&");
}

function parseForm(form: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const pair of form.split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    if (values.has(name)) throw refuse.duplicateParameter();
    values.set(name, at < 0 ? "" : decode(pair.slice(at + 1)));
  }
  return values;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new ApiError(-1100, "Illegal characters in a parameter.");
  }
}
