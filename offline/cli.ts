/**
 * Stand-in for `parseArgs` of `@std/cli`: the same rules for flags, values and types, without
 * dotted names, `boolean: true` and paths glued to a letter (`-o/tmp/x`).
 *
 * @module
 */

type Names<T extends string> = T | readonly T[];
type Aliases = Readonly<Record<string, string | readonly string[]>>;

/** Options of {@linkcode parseArgs}. */
export interface ParseOptions<
  B extends string = never,
  S extends string = never,
  C extends string = never,
  N extends string = never,
  D extends Record<string, unknown> = Record<never, never>,
  A extends Aliases = Record<never, never>,
  DD extends boolean = false,
> {
  /** Whether what follows `--` goes to the field `--` rather than `_`. */
  "--"?: DD;
  /** Other names of a flag. */
  alias?: A;
  /** Flags without a value; false when absent. */
  boolean?: Names<B>;
  /** Values of absent flags. */
  default?: D;
  /** Whether everything after the first positional argument is positional. */
  stopEarly?: boolean;
  /** Flags whose value stays a string. */
  string?: Names<S>;
  /** Flags that may be repeated; an array, empty when absent. */
  collect?: Names<C>;
  /** Flags that `--no-NAME` sets to false. */
  negatable?: Names<N>;
  /** Called for what is not declared; false leaves it out of the result. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

type ValueOf<T, K extends string, C extends string, N extends string> =
  | (K extends C ? T[] : T)
  | (K extends N ? false : never);

type Declared<
  B extends string,
  S extends string,
  C extends string,
  N extends string,
  D extends Record<string, unknown>,
> =
  & { [K in Exclude<S, C | keyof D>]?: ValueOf<string, K, C, N> }
  & { [K in Extract<Exclude<S, keyof D>, C>]: ValueOf<string, K, C, N> }
  & { [K in Exclude<B, keyof D>]: ValueOf<boolean, K, C, N> }
  & { [K in Exclude<C, S | B | keyof D>]: ValueOf<unknown, K, C, N> }
  & {
    [K in Extract<keyof D, string>]:
      | D[K]
      | (K extends S ? ValueOf<string, K, C, N> : never)
      | (K extends B ? ValueOf<boolean, K, C, N> : never)
      | (K extends S | B ? never : unknown);
  };

type AliasNames<A extends Aliases, K extends keyof A> = A[K] extends string ? A[K]
  : A[K] extends readonly string[] ? A[K][number]
  : never;

type WithAliases<T, A extends Aliases> =
  & T
  & { [K in keyof T & keyof A as AliasNames<A, K>]: T[K] };

/** What {@linkcode parseArgs} returns: the positional arguments as `_`, and the flags. */
export type Args<T = Record<string, unknown>, DD extends boolean = false> =
  & T
  & { _: Array<string | number> }
  & (DD extends true ? { "--": string[] } : unknown);

type Flag = string | number | boolean;

/**
 * Parses command line arguments.
 *
 * @param args The arguments, such as `Deno.args`.
 * @param options What the flags are and mean.
 * @returns The flags by name, and the positional arguments as `_`.
 */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
  const N extends string = never,
  D extends Record<string, unknown> = Record<never, never>,
  const A extends Aliases = Record<never, never>,
  DD extends boolean = false,
>(
  args: readonly string[],
  options: ParseOptions<B, S, C, N, D, A, DD> = {},
): Args<WithAliases<Declared<B, S, C, N, D>, A> & Record<string, unknown>, DD> {
  const parser = new Parser(options);
  const end = args.indexOf("--");
  parser.parse(end === -1 ? args : args.slice(0, end));
  parser.addDefaults();
  const rest = end === -1 ? [] : args.slice(end + 1);
  if (options["--"]) parser.result["--"] = rest;
  else parser.result._.push(...rest);
  // The fields were set by name, which is out of the type checker's sight.
  return parser.result as never;
}

class Parser {
  readonly result: Record<string, unknown> & { _: Array<string | number> } = { _: [] };
  readonly #options: ParseOptions<string, string, string, string, Record<string, unknown>, Aliases>;
  readonly #aliases = new Map<string, string[]>();
  readonly #booleans: Set<string>;
  readonly #strings: Set<string>;
  readonly #collected: Set<string>;
  readonly #negatable: Set<string>;

  // deno-lint-ignore no-explicit-any -- the names matter to the caller's types only
  constructor(options: ParseOptions<any, any, any, any, any, any, any>) {
    this.#options = options;
    const groups: Aliases = options.alias ?? {};
    for (const [name, others] of Object.entries(groups)) {
      const group = [name, ...list(others)];
      for (const one of group) this.#aliases.set(one, group.filter((other) => other !== one));
    }
    this.#booleans = this.#named(options.boolean);
    this.#strings = this.#named(options.string);
    this.#collected = this.#named(options.collect);
    this.#negatable = this.#named(options.negatable);
  }

  parse(args: readonly string[]): void {
    for (let at = 0; at < args.length; at++) {
      const arg = args[at] ?? "";
      const next = args[at + 1];
      if (/^--./.test(arg)) {
        at += this.#long(arg, next);
      } else if (/^-./.test(arg)) {
        at += this.#cluster(arg, next);
      } else {
        this.#positional(arg);
        if (!this.#options.stopEarly) continue;
        this.result._.push(...args.slice(at + 1));
        return;
      }
    }
  }

  addDefaults(): void {
    for (const [name, value] of Object.entries(this.#options.default ?? {})) {
      if (Object.hasOwn(this.result, name)) continue;
      for (const one of [name, ...this.#others(name)]) this.result[one] = value;
    }
    for (const name of this.#booleans) {
      if (!Object.hasOwn(this.result, name)) this.result[name] = this.#empty(name) ?? false;
    }
    for (const name of this.#strings) {
      const empty = this.#empty(name);
      if (empty && !Object.hasOwn(this.result, name)) this.result[name] = empty;
    }
  }

  /** Parses `--name`, `--name=value` or `--no-name`; returns how many further arguments it took. */
  #long(arg: string, next: string | undefined): number {
    const equals = arg.indexOf("=", 3);
    if (equals !== -1) {
      const name = arg.slice(2, equals);
      const value = arg.slice(equals + 1);
      this.#set(name, this.#booleans.has(name) ? value !== "false" : value, arg);
      return 0;
    }
    const name = arg.slice(2);
    if (name.startsWith("no-") && this.#negatable.has(name.slice(3))) {
      this.#set(name.slice(3), false, arg, { replace: true });
      return 0;
    }
    return this.#valued(name, arg, next, next !== undefined && !next.startsWith("-"));
  }

  /** Parses `-a`, `-abc`, `-n5` or `-n=value`; returns how many further arguments it took. */
  #cluster(arg: string, next: string | undefined): number {
    const first = arg.charAt(1);
    const rest = arg.slice(2);
    const equals = rest.indexOf("=");
    if (equals !== -1 || /[a-z]/i.test(first) && /\d\.?$/.test(rest)) {
      this.#set(first, equals === -1 ? rest : rest.slice(equals + 1), arg);
      return 0;
    }
    for (const letter of arg.slice(1, -1)) {
      this.#set(letter, this.#strings.has(letter) ? "" : true, arg);
    }
    return this.#valued(arg.slice(-1), arg, next, next !== undefined && !/^--?[^-]/.test(next));
  }

  #valued(name: string, arg: string, next: string | undefined, mayTake: boolean): number {
    const isBoolean = [name, ...this.#others(name)].some((one) => this.#booleans.has(one));
    if (next && mayTake && !isBoolean) {
      this.#set(name, next, arg);
      return 1;
    }
    if (next === "true" || next === "false") {
      this.#set(name, next === "true", arg);
      return 1;
    }
    this.#set(name, this.#strings.has(name) ? "" : true, arg);
    return 0;
  }

  #positional(arg: string): void {
    if (this.#options.unknown?.(arg) === false) return;
    this.result._.push(this.#strings.has("_") ? arg : numberIfNumeric(arg));
  }

  #set(name: string, given: Flag, arg: string, { replace = false } = {}): void {
    const known = this.#booleans.has(name) || this.#strings.has(name) ||
      this.#collected.has(name) || this.#aliases.has(name);
    if (!known && this.#options.unknown?.(arg, name, given) === false) return;
    const value = typeof given === "string" && !this.#strings.has(name)
      ? numberIfNumeric(given)
      : given;
    const collected = this.#collected.has(name) && !replace;
    for (const one of [name, ...this.#others(name)]) {
      const before = this.result[one];
      if (!collected) this.result[one] = value;
      else this.result[one] = Array.isArray(before) ? [...before, value] : [value];
    }
  }

  #named(names: string | readonly string[] | undefined): Set<string> {
    return new Set(list(names).flatMap((name) => [name, ...this.#others(name)]));
  }

  #others(name: string): string[] {
    return this.#aliases.get(name) ?? [];
  }

  #empty(name: string): unknown[] | undefined {
    return this.#collected.has(name) ? [] : undefined;
  }
}

function list(names: string | readonly string[] | undefined): readonly string[] {
  return names === undefined ? [] : typeof names === "string" ? [names] : names;
}

function numberIfNumeric(text: string): string | number {
  return /\S/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}
