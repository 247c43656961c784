/**
 * The key to the account's stream.
 *
 * @module
 */

/** Characters of a key. */
const KEY_LENGTH = 64;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** The one listen key that an account has at a time; it must be kept alive. */
export class ListenKeys {
  readonly #validityMs: number;
  readonly #onExpired: (key: string) => void;
  #key: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param validityMs How long a key lives unless it is kept alive, ms.
   * @param onExpired Is told a key that has just expired.
   */
  constructor(validityMs: number, onExpired: (key: string) => void) {
    this.#validityMs = validityMs;
    this.#onExpired = onExpired;
  }

  /** Whether a key is the one that lives. */
  isValid(key: string): boolean {
    return key === this.#key;
  }

  /** The key that lives, kept alive, or else a new one. */
  create(): string {
    this.#key ??= randomKey();
    this.#restart();
    return this.#key;
  }

  /** Keeps the key alive; undefined if there is none. */
  keepAlive(): string | undefined {
    if (this.#key !== undefined) this.#restart();
    return this.#key;
  }

  /** Ends the key without telling; returns it. */
  remove(): string | undefined {
    const key = this.#key;
    clearTimeout(this.#timer);
    this.#key = undefined;
    return key;
  }

  /** Ends the key as if its time were over; false if there is none. */
  expire(): boolean {
    const key = this.remove();
    if (key !== undefined) this.#onExpired(key);
    return key !== undefined;
  }

  #restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.expire(), this.#validityMs);
  }
}

function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_LENGTH));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
