import { assertEquals, assertThrows } from "@std/assert";
import { InvalidInputError } from "@hftlive/hftlive";
import { parseSettings, resolveParams } from "../../lib/strategy/params.ts";

const DEFAULTS = { lots: 2, side: "buy", post: true };

Deno.test("parameters are the defaults with what is set instead", () => {
  assertEquals(resolveParams(DEFAULTS, {}), DEFAULTS);
  assertEquals(resolveParams(DEFAULTS, { lots: 3, post: false }), {
    lots: 3,
    side: "buy",
    post: false,
  });
});

Deno.test("settings are read as the kind that the default has", () => {
  assertEquals(parseSettings(["lots=-1.5e1", "side=a=b", "post=false"], DEFAULTS), {
    lots: -15,
    side: "a=b",
    post: false,
  });
  assertEquals(parseSettings(["side="], DEFAULTS), { side: "" });
  assertEquals(parseSettings(["lots=1", "lots=2"], DEFAULTS), { lots: 2 });
});

const WRONG: readonly (readonly [string, string])[] = [
  ["lots", 'Cannot use --set = "lots": expected NAME=VALUE'],
  ["lots=many", 'Cannot use --set lots = "many": expected a number, such as 2'],
  ["lots=", 'Cannot use --set lots = "": expected a number, such as 2'],
  ["post=yes", 'Cannot use --set post = "yes": expected true or false, such as true'],
  [
    "lost=1",
    'Cannot use parameter = "lost": expected one of the strategy\'s: lots, side, post ' +
    "(did you mean lots?)",
  ],
  [
    "toString=1",
    'Cannot use parameter = "toString": expected one of the strategy\'s: lots, side, post',
  ],
];

for (const [setting, message] of WRONG) {
  Deno.test(`the setting "${setting}" is refused`, () => {
    assertThrows(() => parseSettings([setting], DEFAULTS), InvalidInputError, message);
  });
}

Deno.test("a strategy without parameters takes none", () => {
  assertThrows(
    () => parseSettings(["lots=1"], {}),
    InvalidInputError,
    "expected one of the strategy's: none, since it has no parameters",
  );
});

Deno.test("a value of another kind is refused", () => {
  assertThrows(
    // @ts-expect-error The wrong kind, as JavaScript lets it through.
    () => resolveParams(DEFAULTS, { lots: "3" }),
    InvalidInputError,
    'Cannot use params.lots = "3": expected a number, such as 2',
  );
  assertThrows(() => resolveParams(DEFAULTS, { lots: NaN }), InvalidInputError, "params.lots");
});
