import { assertEquals } from "@std/assert";
import { Redactor, Secret } from "../../lib/connector/mod.ts";

const LISTEN_KEY = "pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1";

Deno.test("redactor: what looks like a secret goes, whatever prints it", () => {
  const hex = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";
  const cases: [string, string][] = [
    [
      "https://x/fapi/v1/order?recvWindow=5000&timestamp=1&signature=c8db56&a=1",
      "https://x/fapi/v1/order?recvWindow=5000&timestamp=1&signature=***&a=1",
    ],
    // Ed25519 signatures go out in base64, with or without URL encoding.
    ["signature=aB+/c%2Fd== x", "signature=*** x"],
    ['headers: {"x-mbx-apikey": "vmPUZE"}', 'headers: {"x-mbx-apikey": "***"}'],
    ["X-MBX-APIKEY: vmPUZE\r", "X-MBX-APIKEY: ***\r"],
    [
      '"x-bapi-api-key": "a1", "x-bapi-sign": "b2"',
      '"x-bapi-api-key": "***", "x-bapi-sign": "***"',
    ],
    ['{"listenKey":"short"}', '{"listenKey":"***"}'],
    [String.raw`text="{\"listenKey\":\"short\"}"`, String.raw`text="{\"listenKey\":\"***\"}"`],
    ['Config { api_key: "k1", secret: "s1" }', 'Config { api_key: "***", secret: "***" }'],
    ['api_key: Some("k1"), secret_key=s1', 'api_key: Some("***"), secret_key=***'],
    ["apiKey = k1, apiSecret = s1", "apiKey = ***, apiSecret = ***"],
    [`wss://fstream.binance.com/ws/${LISTEN_KEY}`, "wss://fstream.binance.com/ws/***"],
    [`ws://127.0.0.1:9001/${LISTEN_KEY}?x`, "ws://127.0.0.1:9001/***?x"],
    ["ws://127.0.0.1:9001/ws/paper-0123456789abcdef", "ws://127.0.0.1:9001/ws/***"],
    [
      "proxy http://user:hunter2@10.0.0.1:3128/ fails",
      "proxy http://user:***@10.0.0.1:3128/ fails",
    ],
    [`args: ["key", "1700000000000", "${hex}"]`, 'args: ["key", "1700000000000", "***"]'],
    ["a -----BEGIN PRIVATE KEY-----\\nMC4C\\n-----END PRIVATE KEY----- b", "a *** b"],
    ["-----BEGIN EC PRIVATE KEY-----\\nMC4C and no end", "***"],
  ];
  const redactor = new Redactor();
  for (const [text, expected] of cases) assertEquals(redactor.redact(text), expected);
});

Deno.test("redactor: other lines stay as they are", () => {
  const redactor = new Redactor(["hunter2hunter2"]);
  for (
    const text of [
      "",
      "Connecting to the user data stream...",
      "wss://fstream.binance.com/ws",
      "http://127.0.0.1:8080/a@b, mail to: x@y",
      "/ws/btcusdt@trade",
      'Order { order_id: 18446744073709551615, price_tick: 640001, symbol: "btcusdt" }',
      "Invalid signature for this request",
      "commit 5f3ec40c0ffee5f3ec40c0ffee5f3ec40c0ffee00",
      "hunter2",
    ]
  ) assertEquals(redactor.redact(text), text);
});

Deno.test("redactor: known secrets go in every form, the longer ones first", () => {
  const pem =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ\nabcdefgh+/12\n-----END PRIVATE KEY-----\n";
  const redactor = new Redactor(["abcd", new Secret("abcdefgh"), "a/b+c d&e", 'q"\\q', pem]);
  const cases: [string, string][] = [
    ["abcdefgh abcd xabcdx", "*** *** x***x"],
    ["?k=a%2Fb%2Bc%20d%26e", "?k=***"],
    ["?k=a%2Fb%2Bc+d%26e", "?k=***"],
    [JSON.stringify({ x: 'q"\\q' }), '{"x":"***"}'],
    ["MC4CAQAwBQYDK2VwBCIEIJ", "***"],
    ["abcdefgh+/12", "***"],
    [`key ${JSON.stringify(pem)}`, 'key "***"'],
  ];
  for (const [text, expected] of cases) assertEquals(redactor.redact(text), expected);
});

Deno.test("redactor: values too short to be secrets tear up nothing", () => {
  const redactor = new Redactor(["", "a", "abc"]);
  assertEquals(redactor.redact("a cab, abc api_key=abc"), "a cab, abc api_key=***");
});

Deno.test("redactor: hostile lines take no time to speak of", () => {
  const redactor = new Redactor(["hunter2hunter2"]);
  const long = 64 * 1024;
  const lines = [
    "a".repeat(long),
    "secret ".repeat(long / 7),
    `secret${" ".repeat(long)}`,
    "-----BEGIN PRIVATE KEY-----".repeat(long / 27),
    "/ws/".repeat(long / 4),
    "://".repeat(long / 3),
    `://${"a:".repeat(long / 2)}`,
    "signature=".repeat(long / 10),
    'api_key\\"'.repeat(long / 9),
  ];
  // A pattern that backtracks would take hours for these, and the test would not end.
  for (const line of lines) redactor.redact(line);
});
