// deno-lint-ignore-file camelcase -- the keys of the connector's files
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  CONNECTOR_TYPES,
  ConnectorConfigError,
  type ConnectorType,
  formatProblem,
  Secret,
  type ValidatedConfig,
} from "../../lib/connector/mod.ts";
import { parseConfig } from "../../lib/connector/config/parse.ts";

const FUTURES = {
  stream_url: "wss://fstream.binancefuture.com/ws",
  api_url: "https://testnet.binancefuture.com",
  order_prefix: "p",
};
const SPOT = {
  stream_url: "wss://stream.testnet.binance.vision/ws",
  api_url: "https://testnet.binance.vision",
  ws_api_url: "wss://ws-api.testnet.binance.vision/ws-api/v3",
  order_prefix: "p",
};
const BYBIT = {
  public_url: "wss://stream-testnet.bybit.com/v5/public/linear",
  private_url: "wss://stream-testnet.bybit.com/v5/private",
  trade_url: "wss://stream-testnet.bybit.com/v5/trade",
  rest_url: "https://api-testnet.bybit.com",
  category: "linear",
  order_prefix: "p",
  api_key: "kkkkkkkk",
  secret: "ssssssss",
};
const VALID: Record<ConnectorType, Record<string, string>> = {
  binancefutures: FUTURES,
  binancespot: SPOT,
  bybit: BYBIT,
};

/** A file of these keys, one a line; undefined leaves a key out. */
function toml(values: Record<string, unknown>): string {
  return Object.entries(values).filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join("");
}

function read(type: ConnectorType, changes: Record<string, unknown> = {}): ValidatedConfig {
  return parseConfig(type, toml({ ...VALID[type], ...changes }), { path: "c.toml" });
}

function problemsOf(type: ConnectorType, text: string): string[] {
  const error = assertThrows(
    () => parseConfig(type, text, { path: "c.toml" }),
    ConnectorConfigError,
  );
  return error.problems.map(formatProblem);
}

function problems(type: ConnectorType, changes: Record<string, unknown>): string[] {
  return problemsOf(type, toml({ ...VALID[type], ...changes }));
}

async function pem(algorithm: string | RsaHashedKeyGenParams): Promise<string> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  assert("privateKey" in pair);
  const der = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const body = btoa(String.fromCharCode(...der)).replace(/.{64}/g, "$&\n");
  return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
}

Deno.test("config: each type becomes an object of its own", () => {
  assertEquals(read("binancefutures").config, {
    type: "binancefutures",
    streamUrl: FUTURES.stream_url,
    apiUrl: FUTURES.api_url,
    orderPrefix: "p",
  });
  assertEquals(read("binancespot").config, {
    type: "binancespot",
    streamUrl: SPOT.stream_url,
    apiUrl: SPOT.api_url,
    wsApiUrl: SPOT.ws_api_url,
    orderPrefix: "p",
  });
  const { config } = read("bybit");
  assert(config.type === "bybit");
  assertEquals(config.publicUrl, BYBIT.public_url);
  assertEquals(config.privateUrl, BYBIT.private_url);
  assertEquals(config.tradeUrl, BYBIT.trade_url);
  assertEquals(config.restUrl, BYBIT.rest_url);
  assertEquals(config.category, "linear");
  assert(config.apiKey instanceof Secret && config.secret instanceof Secret);
  assertEquals([config.apiKey.reveal(), config.secret.reveal()], ["kkkkkkkk", "ssssssss"]);
});

Deno.test("config: what upstream's examples leave out may be left out, and no more", () => {
  assertEquals(read("binancefutures", { order_prefix: undefined }).config.orderPrefix, "");
  assertEquals(read("binancespot", { ws_api_url: undefined }).network, "test");
  // The connector's own structure for Bybit has no defaults.
  for (const key of ["category", "order_prefix", "api_key", "secret"]) {
    const [first] = problems("bybit", { [key]: undefined });
    assert(first?.startsWith(`c.toml: missing key "${key}"`), first);
  }
  read("bybit", { api_key: "", secret: "" });
});

Deno.test("config: all problems of a file are told, in the order of its lines", () => {
  const text = `# Binance
strem_url = "wss://fstream.binancefuture.com/ws"
api_url = "ftp://testnet.binancefuture.com"

category = "linear"
order_prefix = "a b"
"api_key" = 5
[binance]
stream_url = "x"
`;
  const error = assertThrows(
    () => parseConfig("binancefutures", text, { path: "c.toml" }),
    ConnectorConfigError,
  );
  assertEquals(error.message.split("\n"), [
    "Cannot use the connector configuration c.toml: 6 problems",
    '  c.toml:2: unknown key "strem_url", did you mean "stream_url"',
    "  c.toml:3: api_url: expected a URL that starts with https:// or http://, " +
    'is "ftp://testnet.binancefuture.com"',
    '  c.toml:5: unknown key "category": it belongs to bybit, this file is for binancefutures',
    '  c.toml:6: order_prefix: expected letters, digits and ".:/_-" only',
    "  c.toml:7: api_key: expected a text in quotes, is a number",
    '  c.toml:8: unknown table "binance": all keys stand at the top of the file',
  ]);
  assertEquals([error.file, error.line, error.field, error.value], [
    "c.toml",
    2,
    "strem_url",
    undefined,
  ]);
  assertEquals(error.problems[1]?.value, "ftp://testnet.binancefuture.com");
});

Deno.test("config: one problem is one line", () => {
  const error = assertThrows(() => read("bybit", { category: "liner" }), ConnectorConfigError);
  assertEquals(
    error.message,
    "Cannot use the connector configuration: c.toml:5: category: " +
      'expected one of linear, inverse, spot, option, did you mean "linear"',
  );
  assertEquals([error.line, error.field, error.value], [5, "category", "liner"]);
});

Deno.test("config: a file for nothing at all", () => {
  assertEquals(problemsOf("binancefutures", ""), [
    'c.toml: missing key "stream_url"',
    'c.toml: missing key "api_url"',
  ]);
});

Deno.test("config: values of other kinds are named", () => {
  const kinds = {
    "5": "a number",
    "true": "a boolean",
    "1979-05-27": "a date",
    "['x']": "an array",
    "{ x = 1 }": "a table",
  };
  for (const [value, kind] of Object.entries(kinds)) {
    const text = `stream_url = ${value}\napi_url = "https://fapi.binance.com"\n`;
    assertEquals(problemsOf("binancefutures", text), [
      `c.toml:1: stream_url: expected a text in quotes, is ${kind}`,
    ]);
  }
});

Deno.test("config: syntax errors have a line and quote nothing", () => {
  const cases: [string, number, string][] = [
    ['a = 1\napi_key = "hunter2', 2, "unfinished string"],
    ["a = 1\na = 2", 2, "trying to redefine an already defined table or value"],
    ["api_key = hunter2", 1, "invalid value"],
  ];
  for (const [text, line, reason] of cases) {
    assertEquals(problemsOf("binancefutures", text), [`c.toml:${line}: not valid TOML: ${reason}`]);
  }
});

Deno.test("config: URLs that the connector cannot use", () => {
  const refused: [string, string][] = [
    ["", "is empty"],
    ["fstream.binance.com/ws", "starts with wss:// or ws://"],
    ["https://fstream.binance.com/ws", 'is "https://fstream.binance.com/ws"'],
    ["wss:/", 'is "wss:/"'],
    ["wss://", "starts with wss:// or ws://"],
    [" wss://fstream.binance.com/ws", "without spaces"],
    ["wss://fstream.binance.com/ws\n", "without spaces"],
    ["wss://me:pw@fstream.binance.com/ws", 'is "wss://***@fstream.binance.com/ws"'],
    ["wss://me@fstream.binance.com/ws", "without a user name or password"],
    ["wss://fstream.binance.com/ws?listenKey=1", 'is "wss://fstream.binance.com/ws?***"'],
    ["wss://fstream.binance.com/ws?", "ends with its path"],
    ["wss://fstream.binance.com/ws#x", "ends with its path"],
    ["wss://fstream.binance.com/ws/", "without a slash at its end"],
  ];
  for (const [url, reason] of refused) {
    const found = problems("binancefutures", { stream_url: url });
    assertEquals(found.length, 1, url);
    assert(found[0]?.includes("stream_url: expected") && found[0].includes(reason), found[0]);
  }
  for (const url of ["https://testnet.binancefuture.com/", "wss://testnet.binancefuture.com"]) {
    assertEquals(problems("binancefutures", { api_url: url }).length, 1, url);
  }
});

Deno.test("config: main net, test net, own hosts and a mix of them are told apart", () => {
  const main = {
    stream_url: "wss://fstream.binance.com/ws",
    api_url: "https://fapi.binance.com",
  };
  const own = { stream_url: "ws://127.0.0.1:9001/ws", api_url: "http://localhost:9001" };
  assertEquals(read("binancefutures").network, "test");
  assertEquals(read("binancefutures", main).network, "main");
  assertEquals(
    read("binancefutures", { ...main, api_url: "https://FAPI.Binance.com:443" }).network,
    "main",
  );
  assertEquals(read("binancefutures", own).network, "custom");
  assertEquals(read("binancefutures", own).warnings, []);
  const mixed = read("binancefutures", { stream_url: main.stream_url });
  assertEquals(mixed.network, "mixed");
  assertEquals(mixed.networks, { stream_url: "main", api_url: "test" });
  assertEquals(mixed.warnings, [
    "c.toml: the URLs belong to different networks: stream_url main, api_url test",
  ]);
  assertEquals(
    read("binancespot", {
      stream_url: "wss://stream.binance.com:9443/ws",
      api_url: "https://api.binance.com",
      ws_api_url: "wss://ws-api.binance.com:443/ws-api/v3",
    }).network,
    "main",
  );
  assertEquals(
    read("bybit", {
      public_url: "wss://stream.bybit.com/v5/public/linear",
      private_url: "wss://stream.bybit.com/v5/private",
      trade_url: "wss://stream.bybit.com/v5/trade",
      rest_url: "https://api.bybit.com",
    }).network,
    "main",
  );
});

Deno.test("config: a host that is nearly the exchange's is pointed out, and never its own", () => {
  for (
    const [host, hint] of [
      ["fapi.binnance.com", ', did you mean "fapi.binance.com"'],
      ["fapi.binance.com.example.org", ""],
    ]
  ) {
    const { network, warnings } = read("binancefutures", {
      stream_url: "ws://127.0.0.1:9001/ws",
      api_url: `https://${host}`,
    });
    assertEquals(network, "custom");
    assertEquals(warnings, [
      `c.toml:2: api_url: "${host}" is not known as a host of binancefutures${hint}`,
    ]);
  }
});

Deno.test("config: a host of another exchange or key is refused", () => {
  assertEquals(problems("binancefutures", { api_url: "https://api.binance.com" }), [
    'c.toml:2: api_url: "api.binance.com" serves the api_url of binancespot, not this',
  ]);
  assertEquals(problems("binancefutures", { stream_url: "wss://fapi.binance.com/ws" }), [
    'c.toml:1: stream_url: "fapi.binance.com" serves the api_url of binancefutures, not this',
  ]);
});

Deno.test("config: odd but usable things are warnings", () => {
  const warned = (type: ConnectorType, changes: Record<string, unknown>): readonly string[] =>
    read(type, changes).warnings;
  assertEquals(warned("binancefutures", { stream_url: "ws://fstream.binancefuture.com/ws" }), [
    'c.toml:1: stream_url: "ws://" is not encrypted, all can read what is sent',
  ]);
  assertEquals(warned("binancefutures", { stream_url: "wss://fstream.binancefuture.com" }), [
    'c.toml:1: stream_url: the path on "fstream.binancefuture.com" should end with "/ws"',
  ]);
  const keys = { api_key: "kkkkkkkk", secret: "ssssssss" };
  assertEquals(warned("binancefutures", { ...keys, order_prefix: "" }).length, 1);
  assertEquals(warned("bybit", { category: "spot" }).length, 1);
  assertEquals(warned("bybit", { api_key: "", secret: "" }).length, 1);
  for (const type of CONNECTOR_TYPES) assertEquals(warned(type, {}), []);
});

Deno.test("config: order prefixes as each exchange takes them", () => {
  for (
    const [type, longest, others] of [
      ["binancefutures", "a.Z:/_-0123456789abc", ["a b", "é", "a&b", "a=b", '"']],
      ["binancespot", "x".repeat(20), ["a+b", "%41"]],
      ["bybit", "aZ09_-xx", ["a/b", "a.b", "a:b"]],
    ] as const
  ) {
    assertEquals(read(type, { order_prefix: longest }).config.orderPrefix, longest);
    for (const prefix of [`${longest}x`, ...others]) {
      const found = problems(type, { order_prefix: prefix });
      assertEquals(found.length, 1, prefix);
      assert(found[0]?.includes("order_prefix: expected"), found[0]);
    }
  }
});

Deno.test("config: keys come in pairs, with all that goes with them", async () => {
  assertEquals(problems("binancefutures", { api_key: "kkkkkkkk" }), [
    "c.toml: secret: empty or missing, but api_key is there",
  ]);
  assertEquals(problems("binancefutures", { secret: "env:S", api_key: "" }), [
    "c.toml:5: api_key: empty or missing, but secret is there",
  ]);
  const keys = { api_key: "kkkkkkkk", secret: await pem("Ed25519") };
  assert(read("binancespot", keys).config.secret instanceof Secret);
  assertEquals(problems("binancespot", { ...keys, ws_api_url: undefined }), [
    'c.toml: missing key "ws_api_url": with an api_key it is needed',
  ]);
});

Deno.test("config: secrets that the connector could not sign with", async () => {
  const rsa = await pem({
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: "SHA-256",
  });
  const cases: [ConnectorType, Record<string, string>, string][] = [
    ["binancespot", { api_key: "kkkkkkkk", secret: rsa }, "secret: expected an Ed25519"],
    ["binancespot", { api_key: "kkkkkkkk", secret: "ssssssss" }, "secret: expected an Ed25519"],
    ["binancefutures", { api_key: "kkkkkkkk", secret: rsa }, "secret: expected an HMAC secret"],
    ["binancefutures", { api_key: "kk kk", secret: "ssssssss" }, "api_key: expected a key without"],
    ["binancefutures", { api_key: "k\u00e9y", secret: "ssss" }, "api_key: expected a key without"],
    ["bybit", { api_key: "k".repeat(4097) }, "api_key: expected at most 4096 characters"],
    ["bybit", { secret: "$BYBIT_SECRET" }, 'write "env:BYBIT_SECRET"'],
    ["bybit", { secret: "${BYBIT_SECRET}" }, 'write "env:BYBIT_SECRET"'],
    ["bybit", { secret: "env:not a name" }, 'name of an environment variable after "env:"'],
    ["bybit", { secret: "env:" }, 'name of an environment variable after "env:"'],
    ["bybit", { secret: "file:" }, 'expected a path after "file:"'],
  ];
  for (const [type, changes, reason] of cases) {
    const found = problems(type, changes);
    assertEquals(found.length, 1, reason);
    assert(found[0]?.includes(reason), found[0]);
  }
});

Deno.test("config: references to secrets are kept as they are", () => {
  const { config } = read("binancefutures", { api_key: "env:KEY", secret: "file:a b/s.key" });
  assertEquals(config.apiKey, { from: "env", name: "KEY" });
  assertEquals(config.secret, { from: "file", name: "a b/s.key" });
});

Deno.test("config: a mistyped key is told once", () => {
  const { api_key, secret, ...others } = BYBIT;
  assertEquals(problemsOf("bybit", toml({ ...others, apikey: api_key, secert: secret })), [
    'c.toml:7: unknown key "apikey", did you mean "api_key"',
    'c.toml:8: unknown key "secert", did you mean "secret"',
  ]);
});
