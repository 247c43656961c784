/**
 * Taking secrets out of what a connector prints.
 *
 * @module
 */

import { LONG_RUN, REDACTED, withoutLookalikes } from "../../redact.ts";
import { Secret } from "../config/secret.ts";

/** Shorter ones would tear up ordinary words, and protect nothing. */
const MIN_SECRET_LENGTH = 4;

/** Longer words at the end of a cut text are cut to this, as long as the longest secret. */
const MAX_WORD_LENGTH = 4096;

/**
 * Replaces secrets by `***`: those it is told of, in plain, URL-encoded and escaped form, and what
 * looks like one: signatures, keys in headers, listen keys and passwords in URLs, private keys, and
 * any run of 60 or more letters and digits.
 *
 * @example A request that failed
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Redactor } from "@hftlive/hftlive";
 *
 * const redactor = new Redactor(["hunter2hunter2"]);
 * assertEquals(
 *   redactor.redact('url: "https://x/order?a=1&signature=c0ffee", key hunter2hunter2'),
 *   'url: "https://x/order?a=1&signature=***", key ***',
 * );
 * ```
 */
export class Redactor {
  readonly #forms: readonly string[];
  readonly #known: RegExp | undefined;

  /**
   * Makes a redactor.
   *
   * @param secrets Values to take out; those of less than four characters are left alone.
   */
  constructor(secrets: Iterable<string | Secret> = []) {
    const forms = new Set<string>();
    for (const secret of secrets) {
      const value = secret instanceof Secret ? secret.reveal() : secret;
      for (const form of formsOf(value)) {
        if (form.length >= MIN_SECRET_LENGTH) forms.add(form);
      }
    }
    // The longest first, so that no secret is left over behind another that it starts with.
    this.#forms = [...forms].toSorted((a, b) => b.length - a.length);
    this.#known = this.#forms.length === 0
      ? undefined
      : new RegExp(this.#forms.map((form) => RegExp.escape(form)).join("|"), "g");
  }

  /** The text without secrets. */
  redact(text: string): string {
    return withoutLookalikes(this.#withoutKnown(text));
  }

  /**
   * A text that was cut, without secrets, and without what may be the beginning of one at its end:
   * its last word, and more if that is how a secret begins that this was told of.
   */
  redactCut(text: string): string {
    const whole = this.#withoutKnown(text.replace(/\ufffd+$/, ""));
    const start = Math.min(whole.length, ...this.#forms.map((form) => tornStart(whole, form)));
    const rest = withoutLookalikes(whole.slice(0, start));
    const word = Math.max(rest.lastIndexOf(" "), rest.length - MAX_WORD_LENGTH, 0);
    return rest.slice(0, word).trimEnd();
  }

  /** The text without the secrets that this was told of, and without long runs of characters. */
  redactKnown(text: string): string {
    return this.#withoutKnown(text).replace(LONG_RUN, REDACTED);
  }

  #withoutKnown(text: string): string {
    return this.#known === undefined ? text : text.replace(this.#known, REDACTED);
  }
}

/** A secret as it may be printed: as it is, in a URL, in JSON or debug output, line by line. */
function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim())
    .filter((line) => !line.startsWith("-----"));
  const wellFormed = value.toWellFormed();
  return [
    value,
    value.trim(),
    encodeURIComponent(wellFormed),
    new URLSearchParams([["", wellFormed]]).toString().slice(1),
    escape(value),
    // A message in JSON that is printed as debug output.
    escape(escape(value)),
    ...lines,
  ];
}

/** Where a text ends in the beginning of a form; its length when it does not. */
function tornStart(text: string, form: string): number {
  const first = Math.max(0, text.length - form.length + 1);
  for (let at = first; at < text.length; at++) {
    if (form.startsWith(text.slice(at))) return at;
  }
  return text.length;
}

function escape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
