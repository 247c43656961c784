/**
 * On which line of a TOML document a key stands. The parser tells positions only of syntax
 * errors, so this reads the document a second time, for its keys alone.
 *
 * @module
 */

/** Where a value is: keys from the top of the document, and numbers for the items of arrays. */
export type KeyPath = readonly (string | number)[];

/**
 * The lines of a document's keys.
 *
 * @param text A document that the parser has accepted.
 * @returns A function that gives the line of a key or table, counted from 1, or undefined when the
 * document does not have it.
 */
export function locateKeys(text: string): (path: KeyPath) => number | undefined {
  const scanner = new Scanner(text);
  scanner.scan();
  return (path) => scanner.lines.get(JSON.stringify(path));
}

class Scanner {
  readonly lines = new Map<string, number>();
  readonly #text: string;
  /** Number of items so far of each array that `[[name]]` headers fill. */
  readonly #items = new Map<string, number>();
  #position = 0;
  #line = 1;
  #lineCountedTo = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): void {
    let table: KeyPath = [];
    for (this.#skipBlank(); this.#position < this.#text.length; this.#skipBlank()) {
      if (this.#take("[[")) table = this.#arrayHeader();
      else if (this.#take("[")) table = this.#header();
      else this.#pair(table);
    }
  }

  #header(): KeyPath {
    const line = this.#currentLine();
    const table = this.#resolve(this.#keys());
    this.#take("]");
    this.#record(table, line);
    return table;
  }

  #arrayHeader(): KeyPath {
    const line = this.#currentLine();
    const keys = this.#keys();
    this.#take("]]");
    const array = [...this.#resolve(keys.slice(0, -1)), ...keys.slice(-1)];
    const name = JSON.stringify(array);
    const index = this.#items.get(name) ?? 0;
    this.#items.set(name, index + 1);
    this.#record(array, line);
    const table = [...array, index];
    this.#record(table, line);
    return table;
  }

  #pair(table: KeyPath): void {
    const line = this.#currentLine();
    const start = this.#position;
    let path = table;
    for (const key of this.#keys()) {
      path = [...path, key];
      this.#record(path, line);
    }
    this.#take("=");
    this.#value(path);
    // Whatever it was, go on behind it.
    if (this.#position === start) this.#position++;
  }

  #value(path: KeyPath): void {
    this.#skipSpace();
    const char = this.#text[this.#position];
    if (char === '"' || char === "'") this.#string();
    else if (this.#take("[")) this.#array(path);
    else if (this.#take("{")) this.#inlineTable(path);
    else this.#match(/[^,\]}#\r\n]*/y);
  }

  #array(path: KeyPath): void {
    let index = 0;
    for (this.#skipBlank(); !this.#atEndOf("]"); this.#skipBlank()) {
      if (this.#take(",")) continue;
      const item = [...path, index++];
      this.#record(item, this.#currentLine());
      const start = this.#position;
      this.#value(item);
      if (this.#position === start) this.#position++;
    }
  }

  #inlineTable(path: KeyPath): void {
    for (this.#skipBlank(); !this.#atEndOf("}"); this.#skipBlank()) {
      if (!this.#take(",")) this.#pair(path);
    }
  }

  /** Reads a dotted key, with its quotes and spaces. */
  #keys(): string[] {
    const keys: string[] = [];
    do {
      this.#skipSpace();
      const char = this.#text[this.#position];
      keys.push(char === '"' || char === "'" ? this.#string() : this.#match(/[\w-]*/y));
      this.#skipSpace();
    } while (this.#take("."));
    return keys;
  }

  /** Reads a string of any of the four kinds; escapes are only decoded as far as keys need it. */
  #string(): string {
    const source = this.#match(
      /"""(?:\\[^]|(?!""")[^\\])*"{3,5}|'''(?:(?!''')[^])*'{3,5}|"(?:\\.|[^"\\\r\n])*"|'[^'\r\n]*'/y,
    );
    if (source === "") {
      this.#position++;
      return "";
    }
    const inner = source.slice(1, -1);
    if (source.startsWith("'")) return inner;
    return inner.replace(
      /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{2})|(.))/g,
      (whole, short?: string, long?: string, byte?: string, simple?: string) => {
        if (simple !== undefined) return SIMPLE_ESCAPES[simple] ?? whole;
        return String.fromCodePoint(parseInt(short ?? long ?? byte ?? "fffd", 16));
      },
    );
  }

  /** The full path of a header's keys: through an array to its last item. */
  #resolve(keys: readonly string[]): KeyPath {
    let path: KeyPath = [];
    for (const key of keys) {
      path = [...path, key];
      const items = this.#items.get(JSON.stringify(path));
      if (items !== undefined) path = [...path, items - 1];
    }
    return path;
  }

  #record(path: KeyPath, line: number): void {
    const name = JSON.stringify(path);
    if (!this.lines.has(name)) this.lines.set(name, line);
  }

  #currentLine(): number {
    while (this.#lineCountedTo < this.#position) {
      if (this.#text[this.#lineCountedTo++] === "\n") this.#line++;
    }
    return this.#line;
  }

  #atEndOf(closing: string): boolean {
    return this.#take(closing) || this.#position >= this.#text.length;
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#position)) return false;
    this.#position += token.length;
    return true;
  }

  #skipSpace(): void {
    this.#match(/[ \t]*/y);
  }

  #skipBlank(): void {
    this.#match(/(?:[\s\uFEFF]|#[^\n]*)*/y);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#position += found.length;
    return found;
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  '"': '"',
  "\\": "\\",
};
