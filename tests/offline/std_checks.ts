/**
 * What the project relies on in `@std`. stand_ins_test.ts runs this file with the stand-ins of
 * offline/ and, where JSR answers, with the real packages.
 *
 * @module
 */

import * as std from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import { BaseHandler, Logger, type LogRecord } from "@std/log";
import * as path from "@std/path";

// The checks themselves use no assertion of the packages under test.
function same(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [actual, expected].map((value) =>
    JSON.stringify(value, (_, inner) => inner === undefined ? "undefined" : inner)
  );
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`);
}

function errorOf(fn: () => unknown): Error | undefined {
  try {
    fn();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(`no error: ${error}`);
  }
}

/** Checks that an assertion holds. */
function holds(what: string, fn: () => unknown): void {
  const error = errorOf(fn);
  if (error) throw new Error(`${what} should hold: ${error.message}`);
}

/** Checks that an assertion fails, with the parts in its message. */
function fails(what: string, fn: () => unknown, ...parts: string[]): void {
  const error = errorOf(fn);
  if (!(error instanceof std.AssertionError)) throw new Error(`${what} should fail: ${error}`);
  same(error.name, "AssertionError", `${what}: name`);
  for (const part of parts) {
    if (!error.message.includes(part)) throw new Error(`${what}: no "${part}" in ${error.message}`);
  }
}

Deno.test("assert: truth", () => {
  holds("assert", () => std.assert("x"));
  fails("assert", () => std.assert(0, "zero is nothing"), "zero is nothing");
  holds("assertFalse", () => std.assertFalse(0));
  fails("assertFalse", () => std.assertFalse(1, "one"), "one");
  holds("assertExists", () => std.assertExists(0));
  fails("assertExists", () => std.assertExists(null));
  fails("assertExists", () => std.assertExists(undefined));
  fails("fail", () => std.fail("on purpose"), "on purpose");
  fails("unreachable", () => std.unreachable("never"), "never");
});

Deno.test("assert: equality", () => {
  const equal: [unknown, unknown][] = [
    [1, 1],
    [NaN, NaN],
    [0, -0],
    [1n, 1n],
    ["a", "a"],
    [{ a: [1, { b: 2n }] }, { a: [1, { b: 2n }] }],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }],
    [new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]])],
    [new Set(["a", "b"]), new Set(["b", "a"])],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [new BigInt64Array([1n]), new BigInt64Array([1n])],
    [new Date(5), new Date(5)],
    [/a/g, /a/g],
    [Object.create(null), Object.create(null)],
  ];
  const different: [unknown, unknown][] = [
    [1, 2],
    [1, "1"],
    [1, 1n],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: undefined }, {}],
    [[1, 2], [2, 1]],
    [[1], [1, undefined]],
    [new Uint8Array([1]), new Uint8Array([2])],
    [new Uint8Array([1]), [1]],
    [new Date(5), new Date(6)],
    [/a/g, /a/i],
    [new Map([[1, 2]]), new Map([[1, 3]])],
    [new Set([1]), new Set([2])],
    [new (class A {})(), new (class B {})()],
    [null, undefined],
  ];
  for (const [a, b] of equal) {
    holds("assertEquals", () => std.assertEquals(a, b));
    fails("assertNotEquals", () => std.assertNotEquals(a, b, "why"), "why");
    same(std.equal(a, b), true, "equal");
  }
  for (const [a, b] of different) {
    fails("assertEquals", () => std.assertEquals(a, b, "why"), "why");
    holds("assertNotEquals", () => std.assertNotEquals(a, b));
    same(std.equal(a, b), false, "equal");
  }
  const object = {};
  holds("assertStrictEquals", () => std.assertStrictEquals(object, object));
  holds("assertStrictEquals", () => std.assertStrictEquals(NaN, NaN));
  fails("assertStrictEquals", () => std.assertStrictEquals<unknown>({}, {}, "why"), "why");
  fails("assertStrictEquals", () => std.assertStrictEquals(0, -0));
  holds("assertNotStrictEquals", () => std.assertNotStrictEquals({}, {}));
  fails("assertNotStrictEquals", () => std.assertNotStrictEquals(1, 1));
});

Deno.test("assert: numbers and order", () => {
  holds("assertAlmostEquals", () => std.assertAlmostEquals(0.1 + 0.2, 0.3));
  holds("assertAlmostEquals", () => std.assertAlmostEquals(1, 1.05, 0.1));
  fails("assertAlmostEquals", () => std.assertAlmostEquals(1, 1.001));
  fails("assertAlmostEquals", () => std.assertAlmostEquals(1, NaN));
  holds("assertGreater", () => std.assertGreater(2n, 1n));
  fails("assertGreater", () => std.assertGreater(1, 1));
  holds("assertGreaterOrEqual", () => std.assertGreaterOrEqual(1, 1));
  fails("assertGreaterOrEqual", () => std.assertGreaterOrEqual(0, 1));
  holds("assertLess", () => std.assertLess(1, 2));
  fails("assertLess", () => std.assertLess(1, 1, "why"), "why");
  holds("assertLessOrEqual", () => std.assertLessOrEqual(1, 1));
  fails("assertLessOrEqual", () => std.assertLessOrEqual(2, 1));
});

Deno.test("assert: text, arrays, objects, classes", () => {
  holds("assertMatch", () => std.assertMatch("abc", /b/));
  fails("assertMatch", () => std.assertMatch("abc", /d/), "abc");
  holds("assertNotMatch", () => std.assertNotMatch("abc", /d/));
  fails("assertNotMatch", () => std.assertNotMatch("abc", /b/));
  holds("assertStringIncludes", () => std.assertStringIncludes("abc", "bc"));
  fails("assertStringIncludes", () => std.assertStringIncludes("abc", "cb"), "abc", "cb");
  holds("assertArrayIncludes", () => std.assertArrayIncludes([{ a: 1 }, 2], [{ a: 1 }]));
  fails("assertArrayIncludes", () => std.assertArrayIncludes([1, 2], [3]));
  holds(
    "assertObjectMatch",
    () => std.assertObjectMatch({ a: 1, b: { c: 2, d: 3 } }, { b: { c: 2 } }),
  );
  fails("assertObjectMatch", () => std.assertObjectMatch({ a: 1 }, { a: 2 }));
  fails("assertObjectMatch", () => std.assertObjectMatch({ a: 1 }, { b: 1 }));
  fails("assertObjectMatch", () => std.assertObjectMatch({ a: { b: 1 } }, { a: { b: 1, c: 2 } }));
  holds("assertInstanceOf", () => std.assertInstanceOf(new TypeError(), Error));
  fails("assertInstanceOf", () => std.assertInstanceOf({}, Date), "Date");
});

Deno.test("assert: errors", async () => {
  const raise = (error: unknown) => () => {
    throw error;
  };
  holds("assertIsError", () => std.assertIsError(new TypeError("abc"), TypeError, /b/));
  fails("assertIsError", () => std.assertIsError(new Error("abc"), TypeError));
  fails("assertIsError", () => std.assertIsError("abc"));

  const thrown: TypeError = std.assertThrows(raise(new TypeError("abc")), TypeError, "bc");
  same(thrown.message, "abc", "assertThrows");
  same(std.assertThrows(raise("text")), "text", "assertThrows");
  fails("assertThrows", () => std.assertThrows(() => {}, "why"), "why");
  fails("assertThrows", () => std.assertThrows(() => {}, Error));
  fails("assertThrows", () => std.assertThrows(raise(new Error("abc")), TypeError), "TypeError");
  fails("assertThrows", () => std.assertThrows(raise(new Error("abc")), Error, "d"), "abc");
  fails("assertThrows", () => std.assertThrows(raise("text"), Error));

  const failure = async (promise: Promise<unknown>) => {
    try {
      await promise;
    } catch (error) {
      return () => raise(error)();
    }
    return () => {};
  };
  const rejected: RangeError = await std.assertRejects(
    () => Promise.reject(new RangeError("abc")),
    RangeError,
    "bc",
  );
  same(rejected.message, "abc", "assertRejects");
  same(await std.assertRejects(() => Promise.reject("text")), "text", "assertRejects");
  fails("resolves", await failure(std.assertRejects(() => Promise.resolve(1), "why")), "why");
  fails("throws", await failure(std.assertRejects(raise(new Error("abc")))));
  fails(
    "another class",
    await failure(std.assertRejects(() => Promise.reject(new Error("abc")), TypeError)),
  );
});

Deno.test("cli: flags and values", () => {
  const args = [
    ..."--stub --symbol btcusdt --duration=3 --tick-size 0.1 --empty --eq=a=b --blank= -v".split(
      " ",
    ),
    ..."--tag x --tag=y --no-color --no-other --seed 007 pos 12 --negative -5 -- --rest 7".split(
      " ",
    ),
  ];
  same(
    parseArgs(args, {
      boolean: ["stub", "json", "color", "verbose"],
      string: ["symbol", "empty", "seed", "blank", "absent"],
      collect: ["tag", "none"],
      negatable: ["color"],
      alias: { verbose: ["v", "loud"], symbol: "s" },
      default: { color: true, host: "localhost" },
    }),
    {
      _: ["pos", 12, "--rest", "7"],
      stub: true,
      symbol: "btcusdt",
      s: "btcusdt",
      duration: 3,
      "tick-size": 0.1,
      empty: "",
      eq: "a=b",
      blank: "",
      v: true,
      verbose: true,
      loud: true,
      tag: ["x", "y"],
      color: false,
      "no-other": true,
      seed: "007",
      negative: true,
      "5": true,
      host: "localhost",
      json: false,
    },
    "parseArgs",
  );
});

Deno.test("cli: single cases", () => {
  const cases: [args: string, options: Parameters<typeof parseArgs>[1], expected: unknown][] = [
    ["", {}, { _: [] }],
    ["a - b", {}, { _: ["a", "-", "b"] }],
    ["--a 1 --a 2", {}, { _: [], a: 2 }],
    ["--a 1 --a 2", { collect: ["a"] }, { _: [], a: [1, 2] }],
    ["--a 1 --b 2", { collect: ["a"], alias: { a: "b" } }, { _: [], a: [1, 2], b: [1, 2] }],
    ["", { collect: ["a"], string: ["a"] }, { _: [], a: [] }],
    ["", { collect: ["a"], boolean: ["a"] }, { _: [], a: [] }],
    ["--a 1 --no-a", { collect: ["a"], negatable: ["a"] }, { _: [], a: false }],
    ["--a true b", { boolean: ["a"] }, { _: ["b"], a: true }],
    ["--a false b", { boolean: ["a"] }, { _: ["b"], a: false }],
    ["--a=false --b=0", { boolean: ["a", "b"] }, { _: [], a: false, b: true }],
    ["--a b", { boolean: ["a"] }, { _: ["b"], a: true }],
    ["-a b", { boolean: ["a"] }, { _: ["b"], a: true }],
    ["-a b", { boolean: ["all"], alias: { all: "a" } }, { _: ["b"], a: true, all: true }],
    ["-abc d", {}, { _: [], a: true, b: true, c: "d" }],
    ["-abc", { string: ["b"] }, { _: [], a: true, b: "", c: true }],
    ["-n5 -m=6", {}, { _: [], n: 5, m: 6 }],
    ["-a -b", {}, { _: [], a: true, b: true }],
    ["--a --b", { string: ["a"] }, { _: [], a: "", b: true }],
    ["a --b c", { stopEarly: true }, { _: ["a", "--b", "c"] }],
    ["--a 1 b --c", { stopEarly: true }, { _: ["b", "--c"], a: 1 }],
    ["a -- b", { "--": true }, { _: ["a"], "--": ["b"] }],
    ["a", { "--": true }, { _: ["a"], "--": [] }],
    ["1 0x10 1e3 .5 1_0 1a Infinity", {}, {
      _: [1, 16, 1000, 0.5, "1_0", "1a", "Infinity"],
    }],
    ["1 2", { string: ["_"] }, { _: ["1", "2"] }],
    ["--a 1e3", { string: "a" }, { _: [], a: "1e3" }],
    ["--a", { default: { a: 5, b: 6 } }, { _: [], a: true, b: 6 }],
    ["", { default: { a: 5 }, alias: { a: "b" } }, { _: [], a: 5, b: 5 }],
  ];
  for (const [line, options, expected] of cases) {
    const given = line === "" ? [] : line.split(" ");
    same(parseArgs(given, options), expected, `parseArgs ${line}`);
  }
  same(parseArgs(["--a", "", "b"], { string: ["a"] }), { _: ["", "b"], a: "" }, "an empty value");
});

Deno.test("cli: unknown arguments", () => {
  const seen: unknown[] = [];
  const result = parseArgs(
    ["--known", "x", "-c", "1", "--who", "y", "-z", "pos", "--eq=3", "--no-nope", "--two", "2"],
    {
      string: ["known"],
      collect: ["two"],
      alias: { count: "c" },
      unknown(arg, key, value) {
        seen.push([arg, key, value]);
        return arg === "pos";
      },
    },
  );
  same(seen, [
    ["--who", "who", "y"],
    ["-z", "z", "pos"],
    ["--eq=3", "eq", "3"],
    ["--no-nope", "no-nope", true],
  ], "unknown");
  same(result, { _: [], known: "x", c: 1, count: 1, two: [2] }, "result");
});

Deno.test("cli: types", () => {
  const args = parseArgs([], {
    boolean: ["stub", "color"],
    string: ["symbol", "tag", "host"],
    collect: ["tag"],
    negatable: ["color"],
    alias: { symbol: "s" },
    default: { host: "localhost" },
    "--": true,
  });
  const stub: boolean = args.stub;
  const symbol: string | undefined = args.symbol;
  const short: string | undefined = args.s;
  const tags: string[] = args.tag;
  const host: string = args.host;
  const positional: (string | number)[] = args._;
  const rest: string[] = args["--"];
  // @ts-expect-error a flag that may be absent is no string
  const wrong: string = args.symbol;
  same([stub, symbol, short, tags, host, positional, rest, wrong], [
    false,
    undefined,
    undefined,
    [],
    "localhost",
    [],
    [],
    undefined,
  ], "types");
});

Deno.test("log: loggers and handlers", () => {
  const lines: string[] = [];
  class TestHandler extends BaseHandler {
    override log(line: string): void {
      lines.push(line);
    }
  }
  const format = ({ levelName, loggerName, msg, args, datetime }: LogRecord) =>
    `${levelName} ${loggerName} ${msg} ${JSON.stringify(args)} ${datetime instanceof Date}`;
  const logger = new Logger("test", "INFO");
  logger.handlers = [
    new TestHandler("DEBUG", { formatter: format }),
    new TestHandler("ERROR"),
  ];
  logger.debug(() => std.fail("a message below the level is not made"));
  logger.info(() => "one", { a: 1 });
  logger.error(() => "two");
  logger.levelName = "WARN";
  logger.info(() => "three");
  logger.warn(() => "four", undefined);
  same(lines, [
    'INFO test one [{"a":1}] true',
    "ERROR test two [] true",
    "ERROR two",
    "WARN test four [null] true",
  ], "lines");
});

Deno.test("path: parts and URLs", () => {
  same(path.SEPARATOR, "/", "SEPARATOR");
  same(path.DELIMITER, ":", "DELIMITER");
  same(path.join("a", "..", "b", "./c/"), "b/c/", "join");
  same(path.join("a", ""), "a", "join");
  same(path.normalize("a//b/../c/."), "a/c", "normalize");
  same(path.resolve("/a/b", "../c", "d"), "/a/c/d", "resolve");
  same(path.resolve("a"), `${Deno.cwd()}/a`, "resolve");
  same(path.relative("/a/b/c", "/a/d"), "../../d", "relative");
  same(path.dirname("/a/b/"), "/a", "dirname");
  same(path.dirname("a"), ".", "dirname");
  same(path.basename("/a/b.ts", ".ts"), "b", "basename");
  same(path.basename("/a/b/"), "b", "basename");
  same(path.extname("/a/b.tar.gz"), ".gz", "extname");
  same(path.extname(".bashrc"), "", "extname");
  same([path.isAbsolute("/a"), path.isAbsolute("a")], [true, false], "isAbsolute");
  same(path.fromFileUrl("file:///a%20b/%C3%BC"), "/a b/ü", "fromFileUrl");
  same(path.fromFileUrl(new URL("file:///a")), "/a", "fromFileUrl");
  same(path.toFileUrl("/a b/ü#?").href, "file:///a%20b/%C3%BC%23%3F", "toFileUrl");
  same(errorOf(() => path.fromFileUrl("https://a/b"))?.name, "TypeError", "fromFileUrl");
  same(errorOf(() => path.toFileUrl("a"))?.name, "TypeError", "toFileUrl");
});
