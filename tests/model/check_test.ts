import { assertEquals, assertThrows } from "@std/assert";
import {
  BOT_ERROR_CODES,
  BotError,
  type BotErrorReason,
  botErrorReason,
  HftliveError,
  InvalidInputError,
  validateInstrument,
} from "@hftlive/hftlive";
import { checkNumber, checkOneOf } from "../../lib/model/check.ts";

Deno.test("a number within its bounds passes", () => {
  assertEquals(checkNumber("n", 1.5), 1.5);
  assertEquals(checkNumber("n", 0, { min: 0, max: 1 }), 0);
  assertEquals(checkNumber("n", 1, { min: 0, max: 1, integer: true }), 1);
});

Deno.test("anything else is refused, naming field and value", () => {
  const bounds = { min: 0, max: 10, integer: true };
  for (const value of [NaN, Infinity, -1, 11, 0.5, "5", null, undefined, 5n, {}, []]) {
    const error = assertThrows(() => checkNumber("n", value, bounds), InvalidInputError, "n =");
    assertEquals([error.field, error.value], ["n", value]);
  }
});

Deno.test("the message says what is expected", () => {
  const messages = [{}, { min: 1 }, { max: 2, integer: true }, { min: 1, max: 2 }].map((bounds) =>
    assertThrows(() => checkNumber("n", NaN, bounds), InvalidInputError).message
  );
  assertEquals(messages, [
    "Cannot use n = NaN: expected a number",
    "Cannot use n = NaN: expected a number of at least 1",
    "Cannot use n = NaN: expected a whole number of at most 2",
    "Cannot use n = NaN: expected a number from 1 to 2",
  ]);
});

Deno.test("a word is one of those given", () => {
  assertEquals(checkOneOf("w", "a", ["a", "b"]), "a");
  for (const value of ["c", "", 1, undefined, null, "A"]) {
    assertThrows(() => checkOneOf("w", value, ["a", "b"]), InvalidInputError, "one of a, b");
  }
});

Deno.test("every reason of a bot's failure has a number of its own, both ways", () => {
  const codes = Object.entries(BOT_ERROR_CODES);
  assertEquals(new Set(codes.map(([, code]) => code)).size, codes.length);
  for (const [reason, code] of codes) {
    assertEquals(botErrorReason(code), reason);
    const error = new BotError(reason as BotErrorReason, "Cannot do it: 1");
    assertEquals([error.code, error.name], [code, "BotError"]);
    assertEquals(error instanceof HftliveError, true);
  }
  assertEquals(botErrorReason(-1), "custom");
});

Deno.test("an instrument is refused by the field that is wrong", () => {
  const good = { connector: "stub", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };
  validateInstrument(good);
  const bad: Record<string, unknown[]> = {
    connector: ["", "a b", "a/b", 1, undefined, "x".repeat(201)],
    symbol: ["", "a b", null, "x".repeat(65)],
    tickSize: [0, -1, NaN, Infinity, "0.1"],
    lotSize: [0, -1, NaN, Infinity, undefined],
  };
  for (const [field, values] of Object.entries(bad)) {
    for (const value of values) {
      const error = assertThrows(
        () => validateInstrument({ ...good, [field]: value }, 3),
        InvalidInputError,
      );
      assertEquals([error.field, error.value], [`instruments[3].${field}`, value]);
    }
  }
});
