import { assert, assertEquals } from "@std/assert";
import { LineSplitter } from "../../lib/connector/logs/line_splitter.ts";
import { parseLogLine, stripControls } from "../../lib/connector/logs/log_line.ts";

const origin = { stream: "stdout" } as const;

Deno.test("log line: the default format of tracing-subscriber", () => {
  const cases: [string, [string, string | undefined, string | undefined, string]][] = [
    [
      "2025-11-22T10:20:30.123456Z ERROR connector::binancefutures: An error occurred. error=Foo(1)",
      [
        "2025-11-22T10:20:30.123456Z",
        "error",
        "connector::binancefutures",
        "An error occurred. error=Foo(1)",
      ],
    ],
    [
      "2025-11-22T10:20:30Z  INFO connector: ready: a: b",
      ["2025-11-22T10:20:30Z", "info", "connector", "ready: a: b"],
    ],
    [
      '2025-11-22T10:20:30.1Z  WARN order{id=7 note="a: b"}:inner: connector::rest: sent: x',
      [
        "2025-11-22T10:20:30.1Z",
        "warn",
        'order{id=7 note="a: b"}:inner: connector::rest',
        "sent: x",
      ],
    ],
    [
      "2025-11-22T10:20:30.1Z DEBUG tokio_tungstenite::tungstenite: Received url=wss://x/ws",
      [
        "2025-11-22T10:20:30.1Z",
        "debug",
        "tokio_tungstenite::tungstenite",
        "Received url=wss://x/ws",
      ],
    ],
    ["2025-11-22T10:20:30.1Z TRACE t: ", ["2025-11-22T10:20:30.1Z", "trace", "t", ""]],
    [
      "2025-11-22T10:20:30.1Z  INFO no target here",
      ["2025-11-22T10:20:30.1Z", "info", undefined, "no target here"],
    ],
    [
      "2025-11-22T10:20:30.1Z  INFO open{brace: x",
      ["2025-11-22T10:20:30.1Z", "info", undefined, "open{brace: x"],
    ],
  ];
  for (const [raw, [time, level, target, message]] of cases) {
    const line = parseLogLine(raw, origin);
    assertEquals([line.time, line.level, line.target, line.message], [
      time,
      level,
      target,
      message,
    ]);
    assertEquals([line.raw, line.stream, line.cutBytes], [raw, "stdout", 0]);
  }
});

Deno.test("log line: with colours, as the connector prints it unless NO_COLOR is set", () => {
  const printed = "\x1b[2m2025-11-22T10:20:30.1Z\x1b[0m \x1b[31mERROR\x1b[0m " +
    "\x1b[2mconnector::bybit\x1b[0m\x1b[2m:\x1b[0m failed \x1b[3merror\x1b[0m\x1b[2m=\x1b[0mX";
  const { time, level, target, message } = parseLogLine(stripControls(printed), origin);
  assertEquals([time, level, target, message], [
    "2025-11-22T10:20:30.1Z",
    "error",
    "connector::bybit",
    "failed error=X",
  ]);
});

Deno.test("log line: a panic is an error, its other lines are kept", () => {
  for (
    const raw of [
      "thread 'main' panicked at connector/src/main.rs:342:10:",
      "thread 'tokio-runtime-worker' (4711) panicked at connector/src/x.rs:1:1:",
    ]
  ) {
    const line = parseLogLine(raw, { stream: "stderr", cutBytes: 3 });
    assertEquals(line, {
      time: undefined,
      level: "error",
      target: undefined,
      message: raw,
      raw,
      stream: "stderr",
      cutBytes: 3,
    });
  }
  for (
    const raw of ["", "note: run with `RUST_BACKTRACE=1`", "2025-11-22 INFO x: y", "INFO x: y"]
  ) {
    const { level, time, message } = parseLogLine(raw, origin);
    assertEquals([level, time, message], [undefined, undefined, raw]);
  }
});

Deno.test("log line: nothing in it can steer a terminal", () => {
  assertEquals(
    stripControls("\x1b]0;title\x07a\x1b[2Jb\x1b[?25lc\tд\x00\x08\r\x7f\x9bd"),
    "abc\tдd",
  );
  assertEquals(stripControls("\x1b]0;no end"), "]0;no end");
  assertEquals(stripControls("\x1bPno end\x1b"), "Pno end");
  // deno-lint-ignore no-control-regex -- that is what must not be left
  assert(!/[\x00-\x08\x0a-\x1f\x7f-\x9f]/.test(stripControls("\x1b\x1b[[31mx\x1b[31")));
});

Deno.test("line splitter: lines come out whole, however the bytes come in", () => {
  const text = "first\r\n\nдва\nno\rend\nlast, without an end";
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size <= bytes.length; size++) {
    const splitter = new LineSplitter(1024);
    const lines = [];
    const chunk = new Uint8Array(size);
    for (let at = 0; at < bytes.length; at += size) {
      // The same buffer each time: nothing may be kept of it.
      const part = chunk.subarray(0, Math.min(size, bytes.length - at));
      part.set(bytes.subarray(at, at + size));
      lines.push(...splitter.push(part));
      chunk.fill(0x2a);
    }
    const last = splitter.finish();
    if (last) lines.push(last);
    assertEquals(lines.map((line) => line.text), [
      "first",
      "",
      "два",
      "no\rend",
      "last, without an end",
    ]);
    assert(lines.every(({ cutBytes }) => cutBytes === 0));
    assertEquals(splitter.finish(), undefined);
  }
});

Deno.test("line splitter: a long line is cut at the limit, and the rest counted", () => {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  for (const size of [1, 7, 100, 5000]) {
    const splitter = new LineSplitter(2000);
    const bytes = encode(`${"x".repeat(2000)}\n${"y".repeat(2001)}\n${"z".repeat(9000)}`);
    const lines = [];
    for (let at = 0; at < bytes.length; at += size) {
      lines.push(...splitter.push(bytes.subarray(at, at + size)));
    }
    lines.push(splitter.finish());
    assertEquals(lines, [
      { text: "x".repeat(2000), cutBytes: 0 },
      { text: "y".repeat(2000), cutBytes: 1 },
      { text: "z".repeat(2000), cutBytes: 7000 },
    ]);
  }
});

Deno.test("line splitter: bytes that are no UTF-8 become replacement characters", () => {
  const splitter = new LineSplitter(100);
  const [line] = splitter.push(new Uint8Array([0x61, 0xff, 0xc3, 0x0a]));
  assertEquals(line?.text, "a\ufffd\ufffd");
});
