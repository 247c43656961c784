/**
 * The functions of the native library, as docs/abi.md lists them.
 *
 * This table is the only place that names them: the types of the calls are
 * derived from it, and a test holds it against the library's exported names.
 *
 * @module
 */

/** Functions of a bot; the library has each twice, as `hashmaplive_*` and `roiveclive_*`. */
const BOT_FUNCTIONS = {
  /** i64 ns */
  current_timestamp: { parameters: ["pointer" /* bot */], result: "i64" },
  num_assets: { parameters: ["pointer" /* bot */], result: "usize" },
  /** depth handle, null on an error */
  depth: { parameters: ["pointer", /* bot */ "usize" /* asset */], result: "pointer" },
  /** const Event *, null on an error */
  last_trades: {
    parameters: ["pointer", /* bot */ "usize", /* asset */ "buffer" /* usize *len */],
    result: "pointer",
  },
  position: { parameters: ["pointer", /* bot */ "usize" /* asset */], result: "f64" },
  /** const StateValues *, null on an error */
  state_values: { parameters: ["pointer", /* bot */ "usize" /* asset */], result: "pointer" },
  /** orders handle, null on an error */
  orders: { parameters: ["pointer", /* bot */ "usize" /* asset */], result: "pointer" },
  submit_buy_order: {
    parameters: [
      "pointer", /* bot */
      "usize", /* asset */
      "u64", /* order_id */
      "f64", /* price */
      "f64", /* qty */
      "u8", /* time_in_force */
      "u8", /* order_type */
      "bool", /* wait */
    ],
    result: "i64",
  },
  submit_sell_order: {
    parameters: [
      "pointer", /* bot */
      "usize", /* asset */
      "u64", /* order_id */
      "f64", /* price */
      "f64", /* qty */
      "u8", /* time_in_force */
      "u8", /* order_type */
      "bool", /* wait */
    ],
    result: "i64",
  },
  cancel: {
    parameters: ["pointer", /* bot */ "usize", /* asset */ "u64", /* order_id */ "bool" /* wait */],
    result: "i64",
  },
  /** `usize::MAX` stands for all assets. */
  clear_last_trades: { parameters: ["pointer", /* bot */ "usize" /* asset */], result: "void" },
  /** `usize::MAX` stands for all assets. */
  clear_inactive_orders: {
    parameters: ["pointer", /* bot */ "usize" /* asset */],
    result: "void",
  },
  wait_order_response: {
    parameters: [
      "pointer", /* bot */
      "usize", /* asset */
      "u64", /* order_id */
      "i64", /* timeout ns */
    ],
    result: "i64",
  },
  wait_next_feed: {
    parameters: ["pointer", /* bot */ "bool", /* include_resp */ "i64" /* timeout ns */],
    result: "i64",
  },
  elapse: { parameters: ["pointer", /* bot */ "i64" /* duration ns */], result: "i64" },
  elapse_bt: { parameters: ["pointer", /* bot */ "i64" /* duration ns */], result: "i64" },
  close: { parameters: ["pointer" /* bot */], result: "i64" },
  feed_latency: {
    parameters: [
      "pointer", /* bot */
      "usize", /* asset */
      "buffer", /* i64 *exch_ts */
      "buffer", /* i64 *local_ts */
    ],
    result: "bool",
  },
  order_latency: {
    parameters: [
      "pointer", /* bot */
      "usize", /* asset */
      "buffer", /* i64 *req_ts */
      "buffer", /* i64 *exch_ts */
      "buffer", /* i64 *resp_ts */
    ],
    result: "bool",
  },
} as const;

/** Functions of a book; the library has each twice, as `hashmapdepth_*` and `roivecdepth_*`. */
const DEPTH_FUNCTIONS = {
  best_bid_tick: { parameters: ["pointer" /* depth */], result: "i64" },
  best_ask_tick: { parameters: ["pointer" /* depth */], result: "i64" },
  best_bid: { parameters: ["pointer" /* depth */], result: "f64" },
  best_ask: { parameters: ["pointer" /* depth */], result: "f64" },
  best_bid_qty: { parameters: ["pointer" /* depth */], result: "f64" },
  best_ask_qty: { parameters: ["pointer" /* depth */], result: "f64" },
  tick_size: { parameters: ["pointer" /* depth */], result: "f64" },
  lot_size: { parameters: ["pointer" /* depth */], result: "f64" },
  bid_qty_at_tick: { parameters: ["pointer", /* depth */ "i64" /* price_tick */], result: "f64" },
  ask_qty_at_tick: { parameters: ["pointer", /* depth */ "i64" /* price_tick */], result: "f64" },
  /** const Event *, to be given to `snapshot_free`; null on an error */
  snapshot: { parameters: ["pointer", /* depth */ "buffer" /* usize *len */], result: "pointer" },
  snapshot_free: { parameters: ["pointer", /* Event * */ "usize" /* len */], result: "void" },
} as const;

/** Functions that only a book over a range of prices has, as `roivecdepth_*`. */
const ROI_DEPTH_FUNCTIONS = {
  /** const f64 *, a quantity for each tick of the range; null on an error */
  bid_depth: { parameters: ["pointer", /* depth */ "buffer" /* usize *len */], result: "pointer" },
  /** const f64 *, a quantity for each tick of the range; null on an error */
  ask_depth: { parameters: ["pointer", /* depth */ "buffer" /* usize *len */], result: "pointer" },
  roi_lb_tick: { parameters: ["pointer" /* depth */], result: "i64" },
  roi_ub_tick: { parameters: ["pointer" /* depth */], result: "i64" },
} as const;

/** Functions that exist once. */
const SHARED_FUNCTIONS = {
  /** const Order *, null when there is none */
  orders_get: { parameters: ["pointer", /* orders */ "u64" /* order_id */], result: "pointer" },
  orders_contains: { parameters: ["pointer", /* orders */ "u64" /* order_id */], result: "bool" },
  orders_len: { parameters: ["pointer" /* orders */], result: "usize" },
  /** iterator handle, freed by the `orders_values_next` that answers null */
  orders_values: { parameters: ["pointer" /* orders */], result: "pointer" },
  /** const Order *, null at the end */
  orders_values_next: { parameters: ["pointer" /* iterator */], result: "pointer" },
  hftlive_abi_version: { parameters: [], result: "u32" },
  hftlive_abi: { parameters: ["buffer", /* u8 *out */ "usize" /* cap */], result: "i64" },
  hftlive_last_error: { parameters: ["buffer", /* u8 *out */ "usize" /* cap */], result: "i64" },
  hftlive_bot_new: {
    parameters: ["buffer", /* const u8 *json */ "usize", /* len */ "buffer" /* handle *out */],
    result: "i64",
  },
  hftlive_poll: {
    parameters: ["pointer", /* bot */ "buffer", /* u8 *batch */ "u32" /* capacity */],
    result: "i32",
  },
  hftlive_poll_messages: {
    parameters: ["pointer", /* bot */ "buffer", /* u8 *out */ "usize" /* cap */],
    result: "i64",
  },
  hftlive_connection: {
    parameters: ["pointer", /* bot */ "usize", /* asset */ "buffer" /* ConnectionStatus *out */],
    result: "i64",
  },
  /** `usize::MAX` stands for all assets. */
  hftlive_register: { parameters: ["pointer", /* bot */ "usize" /* asset */], result: "i64" },
  /** watch handle, null on an error */
  hftlive_watch_begin: { parameters: ["pointer" /* bot */], result: "pointer" },
  /** Sleeps, so it runs on a thread of Deno's pool. */
  hftlive_watch_wait: {
    parameters: ["pointer", /* watch */ "i64", /* sleep ns */ "i64" /* timeout ns */],
    result: "i32",
    nonblocking: true,
  },
  hftlive_watch_end: { parameters: ["pointer" /* bot */], result: "i64" },
  hftlive_probe: {
    parameters: [
      "buffer", /* const u8 *json */
      "usize", /* len */
      "buffer", /* u8 *out */
      "usize", /* cap */
    ],
    result: "i64",
  },
  hftlive_cleanup: {
    parameters: [
      "buffer", /* const u8 *json */
      "usize", /* len */
      "buffer", /* u8 *out */
      "usize", /* cap */
    ],
    result: "i64",
  },
} as const;

type Prefixed<Prefix extends string, Table> = {
  [Name in keyof Table & string as `${Prefix}_${Name}`]: Table[Name];
};

/** Every function that the library must export, by its name in C. */
export type NativeSymbols =
  & Prefixed<"hashmaplive" | "roiveclive", typeof BOT_FUNCTIONS>
  & Prefixed<"hashmapdepth" | "roivecdepth", typeof DEPTH_FUNCTIONS>
  & Prefixed<"roivecdepth", typeof ROI_DEPTH_FUNCTIONS>
  & typeof SHARED_FUNCTIONS;

/** The symbol table that `Deno.dlopen` is given. */
export const NATIVE_SYMBOLS: NativeSymbols = {
  ...prefixed("hashmaplive", BOT_FUNCTIONS),
  ...prefixed("roiveclive", BOT_FUNCTIONS),
  ...prefixed("hashmapdepth", DEPTH_FUNCTIONS),
  ...prefixed("roivecdepth", DEPTH_FUNCTIONS),
  ...prefixed("roivecdepth", ROI_DEPTH_FUNCTIONS),
  ...SHARED_FUNCTIONS,
};

/** The library's functions, ready to be called. */
export type NativeFunctions = Deno.StaticForeignLibraryInterface<NativeSymbols>;

/** A bot's functions, whichever book it keeps. */
export type BotFunctions = Deno.StaticForeignLibraryInterface<typeof BOT_FUNCTIONS>;

/** A book's functions, whichever kind it is. */
export type DepthFunctions = Deno.StaticForeignLibraryInterface<typeof DEPTH_FUNCTIONS>;

/** How a bot keeps its books: a hash map of all levels, or a vector over a range of prices. */
export type DepthKind = "hashmap" | "roivec";

/** The functions of a bot that keeps books of one kind, without their prefix. */
export function botFunctions(functions: NativeFunctions, kind: DepthKind): BotFunctions {
  return unprefixed(functions, `${kind}live`, BOT_FUNCTIONS) as BotFunctions;
}

/** The functions of one kind of book, without their prefix. */
export function depthFunctions(functions: NativeFunctions, kind: DepthKind): DepthFunctions {
  return unprefixed(functions, `${kind}depth`, DEPTH_FUNCTIONS) as DepthFunctions;
}

function prefixed<Prefix extends string, Table extends object>(
  prefix: Prefix,
  table: Table,
): Prefixed<Prefix, Table> {
  return Object.fromEntries(
    Object.entries(table).map(([name, definition]) => [`${prefix}_${name}`, definition]),
  ) as Prefixed<Prefix, Table>;
}

function unprefixed(functions: NativeFunctions, prefix: string, table: object): unknown {
  const all = new Map<string, unknown>(Object.entries(functions));
  return Object.fromEntries(
    Object.keys(table).map((name) => [name, all.get(`${prefix}_${name}`)]),
  );
}
