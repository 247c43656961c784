/**
 * Values that must not be printed.
 *
 * @module
 */

import { REDACTED } from "../../redact.ts";

export { REDACTED };

/**
 * A value that no log, error, inspection or JSON shows; only {@linkcode Secret.reveal} gives it.
 *
 * @example A secret in a message
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Secret } from "@hftlive/hftlive";
 *
 * const key = new Secret("vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv");
 * assertEquals(`key ${key}`, "key ***");
 * assertEquals(JSON.stringify({ key }), '{"key":"***"}');
 * ```
 */
export class Secret {
  readonly #value: string;

  /**
   * Hides a value.
   *
   * @param value What is to be kept.
   */
  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that needs it. */
  reveal(): string {
    return this.#value;
  }

  /** A placeholder. */
  toString(): string {
    return REDACTED;
  }

  /** A placeholder. */
  toJSON(): string {
    return REDACTED;
  }

  static {
    // What `console.log`, `Deno.inspect` and Node's `util.inspect` ask for.
    for (const name of ["Deno.customInspect", "nodejs.util.inspect.custom"]) {
      Object.defineProperty(this.prototype, Symbol.for(name), { value: () => REDACTED });
    }
  }
}

/** A secret that is kept outside of the configuration file. */
export interface SecretReference {
  /** What keeps it. */
  readonly from: "env" | "file";
  /** Name of the environment variable, or path of the file as it was written. */
  readonly name: string;
}

/** A secret as a configuration file gives it: itself, or where it is kept. */
export type SecretSource = Secret | SecretReference;

/**
 * Reads the value of a secret key: `env:NAME`, `file:PATH`, or the secret itself.
 *
 * @param text The value in the file; not empty.
 * @returns The secret, or where it is kept.
 */
export function parseSecretSource(text: string): SecretSource {
  const match = /^(env|file):(.*)$/s.exec(text);
  if (match === null) return new Secret(text);
  return { from: match[1] === "env" ? "env" : "file", name: match[2] ?? "" };
}

/** A reference as it stands in the file, such as `env:BINANCE_KEY`. */
export function formatReference(reference: SecretReference): string {
  return `${reference.from}:${reference.name}`;
}
