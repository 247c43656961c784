/**
 * No secret shows up in any error, warning, inspection, log or log file, whatever is done wrong.
 *
 * @module
 */

import { assert, assertEquals, assertFalse } from "@std/assert";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import {
  configTemplate,
  CONNECTOR_TYPES,
  ConnectorConfigError,
  ConnectorOutput,
  type ConnectorType,
  RotatingFile,
  Secret,
} from "../../lib/connector/mod.ts";
import { parseConfig } from "../../lib/connector/config/parse.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const ROUNDS = 1_500;

/** Seeded choices, so that a failure can be seen again. */
class Choices {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  number(below: number): number {
    return uniformInt(this.#generator, 0, below - 1);
  }

  of<T>(items: readonly [T, ...T[]]): T {
    return items[this.number(items.length)] ?? items[0];
  }

  /** A secret, of at least eight characters that occur nowhere else. */
  secret(): string {
    const alphabets = [
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
      "abcdef0123456789",
      "ABCdef012+/=",
      "ab01\"\\'{}[]&%$#!;:,.<>()*^~`|?@",
      "ab01 \t",
      "aé€😀01",
    ] as const;
    const letters = [...this.of(alphabets)];
    const length = this.of([8, 18, 36, 59, 64, 130]);
    let text = "Zq7";
    while (text.length < length) text += letters[this.number(letters.length)];
    text = `${text}7qZ`;
    if (this.number(6) > 0) return text;
    // As a private key: lines of 64 letters, of which the last may be shorter.
    const body = btoa(encodeURIComponent(text).repeat(3)).replace(/.{64}/g, "$&\n");
    return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
  }
}

/** Everything that can be seen of a value without asking a secret to reveal itself. */
function views(value: unknown): string[] {
  const seen = [
    String(value),
    Deno.inspect(value, { depth: 20, showHidden: true, getters: true, strAbbreviateSize: 1e6 }),
    JSON.stringify(value) ?? "",
  ];
  if (value instanceof Error) {
    seen.push(value.message, value.stack ?? "", ...views({ ...value }));
    if (value.cause !== undefined) seen.push(...views(value.cause));
  }
  return seen;
}

/** Any eight characters in a row of a secret are too many to be shown. */
function assertHidden(seen: string, secret: string, where: string): void {
  const body = secret.replace(/-----(BEGIN|END) PRIVATE KEY-----/g, "").trim();
  for (const form of [body, JSON.stringify(body).slice(1, -1), encodeURIComponent(body)]) {
    for (let at = 0; at + 8 <= form.length; at++) {
      const part = form.slice(at, at + 8);
      assertFalse(seen.includes(part), `${where}: ${JSON.stringify(part)} is in ${seen}`);
    }
  }
}

function quoted(text: string): string {
  // JSON's escapes are TOML's, but for the surrogates of some characters.
  return JSON.stringify(text);
}

/** A file with the secret in it somewhere, right or wrong. */
function document(choices: Choices, type: ConnectorType, secret: string): string {
  const text = configTemplate(type);
  const value = quoted(secret);
  const place = choices.of([
    () => text.replace('api_key = ""', `api_key = ${value}`),
    () => text.replace('secret = ""', `secret = ${value}`),
    () => text.replace('api_key = ""', `api_key = "k"`).replace('secret = ""', `secret = ${value}`),
    () => text.replace('secret = ""', `secrt = ${value}`),
    () => text.replace('secret = ""', `password = ${value}\nsecret = ""`),
    () => text.replace('secret = ""', `[account]\nsecret = ${value}`),
    () => text.replace('secret = ""', `secret = [${value}, 1]`),
    () => text.replace('secret = ""', `secret = { value = ${value} }`),
    () => text.replace('secret = ""', `extra = [[${value}], { x = ${value} }]`),
    () => text.replace('secret = ""', `${value} = 1`),
    // Not one that could be a prefix as well: those are no secret.
    () =>
      text.replace(
        'order_prefix = "hftlive"',
        `order_prefix = ${quoted(`${secret}${".".repeat(20)}`)}`,
      ),
    () => text.replace('category = "linear"', `category = ${value}`),
    () => text.replace(/_url = "/, `_url = ${value}\nx = "`),
    () => text.replace("://", () => `://user:${encodeURIComponent(secret)}@`),
    () => text.replace("://", () => `://${encodeURIComponent(secret)}@`),
    () => text.replace(/(_url = "[^"]*)"/, (_, url) => `${url}?key=${encodeURIComponent(secret)}"`),
    () => text.replace('api_key = ""', () => `api_key = ${secret}`),
    () => text.replace('api_key = ""', () => `api_key ${value}`),
    () => text.replace('api_key = ""', () => `api_key = "${secret}`),
    () => text.replace('api_key = ""', () => `api_key = '''${secret}`),
  ])();
  // Now and then a slip of the hand on top of it.
  if (choices.number(3) > 0) return place;
  const at = choices.number(place.length);
  const slip = choices.of(["", '"', "]", "=", "\n", "\\", "'"]);
  return place.slice(0, at) + slip + place.slice(at + choices.number(3));
}

Deno.test("secrecy: no error, warning or inspection shows a secret", () => {
  const choices = new Choices(20_251_122);
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const secret = choices.secret();
    const type = choices.of(CONNECTOR_TYPES);
    const text = document(choices, type, secret);
    let outcome: unknown;
    try {
      outcome = parseConfig(type, text, { path: "c.toml" });
    } catch (error) {
      assert(error instanceof ConnectorConfigError, `round ${round}: ${error}`);
      outcome = error;
      refused++;
    }
    for (const seen of views(outcome)) assertHidden(seen, secret, `round ${round}`);
  }
  // Both outcomes have to be seen for the test to mean anything.
  assert(refused > ROUNDS / 10 && refused < ROUNDS, `${refused} refused`);
});

Deno.test("secrecy: a secret shows itself to nobody", () => {
  const secret = new Secret("Zq7hunter2hunter2");
  const inside = { list: [secret], map: new Map([["key", secret]]), clone: { ...secret } };
  for (const seen of [...views(secret), ...views(inside), `${secret}`, secret + ""]) {
    assertHidden(seen, secret.reveal(), "inspection");
  }
  assertEquals(Deno.inspect(secret), "***");
  assertEquals(JSON.stringify(structuredClone(secret)), "{}");
  assertHidden(
    Deno.inspect(new ConnectorOutput({ secrets: [secret] }), { depth: 20 }),
    secret.reveal(),
    "output",
  );
});

/** A line of log with the secret in it, the way that programs print such things. */
function logLine(choices: Choices, secret: string): string {
  const word = "lorem ipsum dolor ".repeat(choices.number(4));
  const time = "2025-11-22T10:20:30.123456Z";
  const printed = choices.of([
    () => secret,
    () => JSON.stringify(secret),
    () => JSON.stringify(JSON.stringify({ secret })),
    () => `https://x/fapi/v1/order?key=${encodeURIComponent(secret)}&signature=00`,
    () => `https://x/?${new URLSearchParams({ apiKey: secret })}`,
    () => `Config { api_key: ${JSON.stringify(secret)} }`,
    () => `\x1b[3merror\x1b[0m\x1b[2m=\x1b[0m${secret}`,
    () => `${secret}${secret}`,
  ])();
  return choices.of([
    () => `${time} ERROR connector::rest: ${word}${printed} ${word}`,
    () => `thread 'main' panicked at ${printed}`,
    () => `${word}${printed}`,
    // So long that it is cut, perhaps in the middle of the secret.
    () => `${time}  INFO x: ${"y ".repeat(32_768 - 40 + choices.number(40))}${printed} z`,
    () => `${"-".repeat(65_536 - choices.number(150))}${printed}`,
  ])();
}

Deno.test("secrecy: no log line, tail or log file shows a secret, however it is cut", async () => {
  await using directory = await TempDirectory.create();
  const choices = new Choices(7);
  const path = directory.file("c.log");
  for (let round = 0; round < 60; round++) {
    const secret = choices.secret();
    await using file = await RotatingFile.open(path, { maxBytes: 100_000, maxFiles: 2 });
    const output = new ConnectorOutput({ secrets: [new Secret(secret)], file, maxLines: 5 });
    const lines = Array.from({ length: 8 }, () => logLine(choices, secret));
    const bytes = new TextEncoder().encode(lines.join("\n"));
    const chunks = ReadableStream.from((function* () {
      for (let at = 0; at < bytes.length;) {
        const size = 1 + choices.number(40_000);
        yield bytes.subarray(at, at + size);
        at += size;
      }
    })());
    const tail = Array.fromAsync(output.tail());
    await output.read(chunks, "stderr");
    output.close();
    await file.close();
    assertEquals(file.counts.lost, 0);
    assert(output.counts.lines >= 8, "all lines have been seen");
    for (const line of [...await tail, ...output.last()]) {
      assertHidden(line.raw, secret, `round ${round}`);
      assertHidden(line.message, secret, `round ${round}`);
    }
    assertHidden(await Deno.readTextFile(path), secret, `round ${round}, file`);
    for await (const { name } of Deno.readDir(directory.path)) {
      await Deno.remove(directory.file(name));
    }
  }
});
