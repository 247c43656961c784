/**
 * Header of numpy's array files, as numpy/lib/format.py documents it.
 *
 * @module
 */

import { RecordingError } from "../errors.ts";
import { type ByteSource, readExactly } from "./byte_source.ts";

/** A field of an array's records: its name, and numpy's name of its type. */
export type ArrayField = readonly [name: string, type: string];

/** Fields of hftbacktest's event array, in order. */
export const EVENT_FIELDS = [
  ["ev", "<u8"],
  ["exch_ts", "<i8"],
  ["local_ts", "<i8"],
  ["px", "<f8"],
  ["qty", "<f8"],
  ["order_id", "<u8"],
  ["ival", "<i8"],
  ["fval", "<f8"],
] as const;

/** How the file begins. */
export const NPY_MAGIC: Uint8Array = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

const MAX_HEADER = 65_536;

/** A value of a header: a Python literal. */
type Literal = string | number | boolean | readonly Literal[] | ReadonlyMap<string, Literal>;

/**
 * Reads the header of an event array.
 *
 * @param source The file; what follows the header is its records.
 * @returns How many records follow.
 * @throws {RecordingError} If it is not a one-dimensional array of hftbacktest's events.
 */
export function readEventArrayHeader(source: ByteSource): number {
  return readArrayHeader(source, EVENT_FIELDS);
}

/**
 * Reads the header of an array of records.
 *
 * @param source The file; what follows the header is its records.
 * @param fields The fields that its records must have.
 * @returns How many records follow.
 * @throws {RecordingError} If it is not a one-dimensional array of such records.
 */
export function readArrayHeader(source: ByteSource, fields: readonly ArrayField[]): number {
  const what = "array's header";
  const start = source.offset;
  const preamble = readExactly(source, 8, what);
  const fail = (offset: number, problem: string) =>
    new RecordingError(source.file, { offset: start + offset, of: source.of }, problem);
  if (NPY_MAGIC.some((byte, i) => preamble[i] !== byte)) {
    throw fail(0, "found no array, expected one of numpy's .npy format");
  }
  const [major, minor] = [preamble[6]!, preamble[7]!];
  if (major < 1 || major > 3 || minor !== 0) {
    throw fail(6, `the array's format version is ${major}.${minor}, expected 1.0, 2.0 or 3.0`);
  }
  const sizeBytes = readExactly(source, major === 1 ? 2 : 4, what);
  const size = sizeBytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  if (size > MAX_HEADER) {
    throw fail(8, `the array's header has ${size} bytes, expected at most ${MAX_HEADER}`);
  }
  const textStart = 8 + sizeBytes.length;
  const text = new TextDecoder().decode(readExactly(source, size, what));
  let header: Literal;
  try {
    header = new LiteralParser(text).parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw fail(textStart, `the array's header is ${quote(text)}, expected a Python dictionary`);
  }
  if (!(header instanceof Map)) {
    throw fail(textStart, `the array's header is ${quote(text)}, expected a Python dictionary`);
  }
  checkFields(header.get("descr"), fields, (problem) => fail(textStart, problem));
  if (header.get("fortran_order") !== false) {
    throw fail(textStart, "the array is in Fortran order, expected C order");
  }
  const shape: Literal | undefined = header.get("shape");
  const length = Array.isArray(shape) && shape.length === 1 ? shape[0] : undefined;
  if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) {
    throw fail(textStart, `the array's shape is ${show(shape)}, expected one dimension`);
  }
  return length;
}

function checkFields(
  descr: Literal | undefined,
  fields: readonly ArrayField[],
  fail: (problem: string) => RecordingError,
): void {
  const expected = fields.map(([name, type]) => `${name} ${type}`).join(", ");
  const found = Array.isArray(descr)
    ? descr.map((field) => Array.isArray(field) ? field.map(show).join(" ") : show(field))
      .join(", ")
    : show(descr);
  if (found !== expected) {
    throw fail(`the array's records are ${quote(found)}, expected ${quote(expected)}`);
  }
}

function show(value: Literal | undefined): string {
  if (value === undefined) return "missing";
  if (value instanceof Map) return "a dictionary";
  return Array.isArray(value) ? `(${value.map(show).join(", ")})` : String(value);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 197)}...` : text);
}

/** Reads the few kinds of Python literal that headers are made of. */
class LiteralParser {
  readonly #tokens: string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/'[^'\\]*'|"[^"\\]*"|-?\d+L?|\w+|[^\s]/g) ?? [];
  }

  /** The literal that is the whole text. */
  parse(): Literal {
    const value = this.#value();
    if (this.#at < this.#tokens.length) throw new SyntaxError("more than one value");
    return value;
  }

  #value(): Literal {
    const token = this.#tokens[this.#at++];
    if (token === "{") return this.#dictionary();
    if (token === "(") return this.#list(")");
    if (token === "[") return this.#list("]");
    if (token === "True" || token === "False") return token === "True";
    if (token !== undefined && /^['"].*['"]$/.test(token)) return token.slice(1, -1);
    if (token !== undefined && /^-?\d+L?$/.test(token)) return Number.parseInt(token);
    throw new SyntaxError(`unknown token ${token}`);
  }

  #list(end: string): readonly Literal[] {
    const values: Literal[] = [];
    while (!this.#skip(end)) {
      values.push(this.#value());
      if (!this.#skip(",") && this.#tokens[this.#at] !== end) throw new SyntaxError("no comma");
    }
    return values;
  }

  #dictionary(): ReadonlyMap<string, Literal> {
    const entries = new Map<string, Literal>();
    while (!this.#skip("}")) {
      const key = this.#value();
      if (typeof key !== "string" || !this.#skip(":")) throw new SyntaxError("no key");
      entries.set(key, this.#value());
      if (!this.#skip(",") && this.#tokens[this.#at] !== "}") throw new SyntaxError("no comma");
    }
    return entries;
  }

  #skip(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }
}
