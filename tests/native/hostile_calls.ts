/**
 * Calls the native library's functions at random with hostile arguments, straight
 * through its symbols. A test runs it as a process of its own, so that a crash is
 * a failing exit code.
 *
 * Arguments: `--seed N --calls N --connector NAME`.
 *
 * What is passed is what docs/abi.md allows a caller to do wrong: handles that are
 * null, closed, of another kind or invented, any number, null pointers, and buffers
 * that are too short but as long as they are said to be. A buffer that is shorter
 * than it is said to be is the one thing that no library can notice.
 */

import { RECORD_SIZE } from "../../lib/bot/record.ts";
import { NativeLibrary } from "../../lib/native/library.ts";
import { NATIVE_SYMBOLS } from "../../lib/native/symbols.ts";

type Argument = Deno.PointerValue | bigint | number | boolean | Uint8Array<ArrayBuffer> | null;

const MAX_CAPACITY = 64;
/** Longest wait that a call may ask for, ns: a longer one would only take the test's time. */
const MAX_WAIT_NS = 1_000;
/** No function writes more than this where no size is passed (ConnectionStatus). */
const OUT_SIZE = 48;

const INTEGERS = [
  ...[0n, 1n, 2n, 3n, 7n, 255n, 256n, 0xffffn, 0x10000n],
  ...[2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 62n],
  ...[2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 2n, 2n ** 64n - 1n],
];
const DOUBLES = [
  ...[NaN, Infinity, -Infinity, 0, -0, Number.MIN_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE],
  ...[0.1, 0.001, 1e-9, 1e300, 60_000, 60_000.05, -60_000, 2 ** 53, 1 / 3],
];

/** A small generator with a seed (mulberry32). */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 to 2^32-1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  below(limit: number): number {
    return this.next() % limit;
  }

  chance(share: number): boolean {
    return this.next() < share * 2 ** 32;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  bits64(): bigint {
    return BigInt(this.next()) << 32n | BigInt(this.next());
  }
}

class HostileCaller {
  readonly #random: Random;
  readonly #connector: string;
  readonly #functions: Map<string, (...args: Argument[]) => unknown>;
  readonly #names: string[];
  readonly #bots: Deno.PointerValue[] = [];
  /** Handles of any kind, alive or dead. */
  readonly #handles: Deno.PointerValue[] = [null];
  /** Calls that run on other threads. */
  readonly #running: Promise<unknown>[] = [];
  readonly counts: Record<string, number> = {};
  made = 0;

  constructor(library: NativeLibrary, seed: number, connector: string) {
    this.#random = new Random(seed);
    this.#connector = connector;
    // Without the types that keep others from hostile calls.
    const functions: object = library.functions;
    this.#functions = new Map(Object.entries(functions));
    this.#names = Object.keys(NATIVE_SYMBOLS);
  }

  /** One call with hostile arguments. */
  step(): void {
    if (this.#bots.length < 4) this.#make(this.#random.chance(0.5) ? "hashmap" : "roivec");
    const name = this.#random.pick(this.#names);
    const definition = NATIVE_SYMBOLS[name as keyof typeof NATIVE_SYMBOLS];
    const args = this.#arguments(name, definition.parameters);
    const result = this.#call(name, args);
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    if (result instanceof Promise) this.#running.push(result);
    if (definition.result === "pointer" && result !== null) {
      this.#remember(result as Deno.PointerValue);
    }
    if (name.endsWith("live_close") && result === 0n) this.#forget(args[0] as Deno.PointerValue);
  }

  /** Uses the bots as they are meant to be used, and closes them; waits for all that runs. */
  async finish(): Promise<void> {
    const batch = new Uint8Array(RECORD_SIZE * (MAX_CAPACITY + 1));
    for (const bot of [...this.#bots]) {
      const count = this.#call("hftlive_poll", [bot, batch, MAX_CAPACITY]);
      if (!(typeof count === "number" && count >= 0)) throw new Error(`poll answers ${count}`);
      const codes = ["hashmaplive", "roiveclive"].map((family) =>
        this.#call(`${family}_close`, [bot])
      );
      if (!codes.includes(0n)) throw new Error(`close answers ${codes}`);
    }
    await Promise.all(this.#running);
  }

  #call(name: string, args: Argument[]): unknown {
    return this.#functions.get(name)!(...args);
  }

  #make(depth: string): void {
    const range = depth === "roivec" ? { roiLowerBound: 50_000, roiUpperBound: 70_000 } : {};
    const json = new TextEncoder().encode(JSON.stringify({
      depth,
      journalCapacity: 100,
      instruments: [{
        ...{ connector: this.#connector, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 },
        ...{ lastTradesCapacity: 10, ...range },
      }],
    }));
    const out = new Uint8Array(8);
    const code = this.#call("hftlive_bot_new", [json, BigInt(json.length), out]);
    if (code !== 0n) throw new Error(`hftlive_bot_new answers ${code}`);
    const bot = Deno.UnsafePointer.create(new DataView(out.buffer).getBigUint64(0, true));
    this.#bots.push(bot);
    this.#handles.push(bot);
    this.made++;
  }

  #forget(bot: Deno.PointerValue): void {
    const index = this.#bots.findIndex((other) => Deno.UnsafePointer.equals(other, bot));
    if (index >= 0) this.#bots.splice(index, 1);
  }

  #remember(handle: Deno.PointerValue): void {
    if (this.#handles.length < 1_000) this.#handles.push(handle);
    else this.#handles[1 + this.#random.below(999)] = handle;
  }

  #arguments(name: string, types: readonly string[]): Argument[] {
    const args = types.map((type) => this.#argument(type));
    if (name === "hftlive_poll") {
      const capacity = this.#random.below(MAX_CAPACITY + 1);
      args[1] = this.#buffer(RECORD_SIZE * (capacity + 1));
      args[2] = args[1] === null ? this.#random.next() : capacity;
    }
    // A text or buffer is followed by its size.
    types.forEach((type, i) => {
      if (type === "buffer" && types[i + 1] === "usize") {
        const bytes = this.#random.chance(0.5) && name !== "hftlive_abi"
          ? this.#text()
          : this.#buffer(this.#random.below(300));
        args[i] = bytes;
        args[i + 1] = bytes === null ? this.#integer() : BigInt(bytes.length);
      }
    });
    if (/_(elapse|elapse_bt|wait_next_feed|wait_order_response|watch_wait)$/.test(name)) {
      args[args.length - 1] = this.#random.chance(0.5)
        ? BigInt(this.#random.below(MAX_WAIT_NS))
        : -BigInt.asUintN(63, this.#integer());
    }
    // A wait for an answer lasts up to a minute, so it may only come with a refused order.
    if (/_submit_/.test(name) && args[7] === true) args[5] = 4 + this.#random.below(252);
    if (/_cancel$/.test(name) && args[3] === true) args[0] = null;
    return args;
  }

  #argument(type: string): Argument {
    const random = this.#random;
    switch (type) {
      case "pointer":
        if (random.chance(0.4)) return random.pick(this.#bots);
        if (random.chance(0.7)) return random.pick(this.#handles);
        return Deno.UnsafePointer.create(random.chance(0.5) ? this.#integer() : random.bits64());
      case "buffer":
        return this.#buffer(OUT_SIZE);
      case "usize":
      case "u64":
        return random.chance(0.4) ? 0n : this.#integer();
      case "i64":
        return BigInt.asIntN(64, this.#integer());
      case "f64":
        return random.pick(DOUBLES);
      case "u32":
        return random.next();
      case "u8":
        return random.below(random.chance(0.5) ? 4 : 256);
      case "bool":
        return random.chance(0.5);
      default:
        throw new Error(`no argument of type ${type}`);
    }
  }

  #integer(): bigint {
    return this.#random.chance(0.8) ? this.#random.pick(INTEGERS) : this.#random.bits64();
  }

  #buffer(size: number): Uint8Array<ArrayBuffer> | null {
    return this.#random.chance(0.2) ? null : new Uint8Array(size);
  }

  /** Text that is no JSON, JSON of the wrong shape, or JSON with one byte changed. */
  #text(): Uint8Array<ArrayBuffer> {
    const connector = this.#connector;
    const good = { connector, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };
    const values = [
      ...[{}, [], null, 1, "", { connector: "" }, { connector: "a/b" }, { connector: 7 }],
      ...[{ connector }, { connector, extra: 1 }, { connector: "x".repeat(10_000) }],
      { depth: "hashmap", instruments: [] },
      { depth: "btree", instruments: [good] },
      { depth: "roivec", instruments: [{ ...good, roiLowerBound: 0, roiUpperBound: 1e300 }] },
      { depth: "hashmap", instruments: [good, good] },
      { depth: "hashmap", instruments: [{ ...good, tickSize: 1e-320, lotSize: -1 }] },
      { depth: "hashmap", instruments: [{ ...good, symbol: "\u0000" }] },
      { depth: "hashmap", botId: "0", instruments: [good] },
      { depth: "hashmap", botId: "18446744073709551616", instruments: [good] },
      { depth: "hashmap", journalCapacity: 2 ** 53, instruments: [good] },
    ];
    const bytes = new TextEncoder().encode(JSON.stringify(this.#random.pick(values)));
    if (bytes.length > 0 && this.#random.chance(0.3)) {
      bytes[this.#random.below(bytes.length)] = this.#random.below(256);
    }
    return bytes;
  }
}

function option(name: string): string {
  const value = Deno.args[Deno.args.indexOf(`--${name}`) + 1];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

if (import.meta.main) {
  using library = NativeLibrary.open();
  const caller = new HostileCaller(library, Number(option("seed")), option("connector"));
  const calls = Number(option("calls"));
  for (let i = 0; i < calls; i++) caller.step();
  await caller.finish();
  console.log(JSON.stringify({ calls, bots: caller.made, counts: caller.counts }));
}
