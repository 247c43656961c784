import { assertEquals, assertIsError, assertThrows } from "@std/assert";
import { UsageError } from "../../lib/cli/exit.ts";
import type { FlagTable } from "../../lib/cli/flags.ts";
import { findCommand, parseLine } from "../../lib/cli/parse.ts";
import { InvalidInputError } from "../../lib/model/errors.ts";

const TABLE = {
  json: { kind: "switch", alias: "j", description: "" },
  duration: { kind: "number", alias: "d", placeholder: "S", positive: true, description: "" },
  seed: { kind: "number", placeholder: "N", integer: true, min: 0, default: 7, description: "" },
  symbol: { kind: "text", alias: "s", placeholder: "S", repeatable: true, description: "" },
  name: { kind: "text", placeholder: "NAME", description: "" },
  idle: { kind: "choice", words: ["spin", "sleep"], description: "" },
} as const satisfies FlagTable;

const parse = (...argv: string[]) => parseLine(argv, TABLE);

const command = (name: string) => ({ name });

Deno.test("parseLine gives every flag a value of its kind", () => {
  assertEquals(parse().flags, {
    json: false,
    duration: undefined,
    seed: 7,
    symbol: [],
    name: undefined,
    idle: undefined,
  });
  const { flags, args } = parse(
    ...["--json", "--duration", "1.5", "--seed=42", "-s", "a", "--symbol=b", "--name", "007"],
    ...["--idle", "spin", "first", "--", "--second"],
  );
  assertEquals(flags, {
    json: true,
    duration: 1.5,
    seed: 42,
    symbol: ["a", "b"],
    name: "007",
    idle: "spin",
  });
  assertEquals(args, ["first", "--second"]);
});

Deno.test("parseLine knows aliases with their values", () => {
  assertEquals(parse("-j", "-d", "2").flags.duration, 2);
  assertEquals(parse("-j", "-d=2").flags.json, true);
});

const USAGE_ERRORS: readonly (readonly [readonly string[], string])[] = [
  [["--durations", "3"], "Unknown flag: --durations, did you mean --duration?"],
  [["--durations=3"], "Unknown flag: --durations, did you mean --duration?"],
  [["--jason"], "Unknown flag: --jason, did you mean --json?"],
  [["--xyz"], "Unknown flag: --xyz"],
  [["-x"], "Unknown flag: -x"],
  [["--__proto__=1"], "Unknown flag: --__proto__"],
  [["--a.b", "1"], "Unknown flag: --a.b"],
  [["--duration"], "Missing value: --duration needs S"],
  [["--duration", "--json"], "Missing value: --duration needs S"],
  [["--duration="], "Missing value: --duration needs S"],
  [["--name", ""], "Missing value: --name needs NAME"],
  [["--symbol", "a", "--symbol"], "Missing value: --symbol needs S"],
  [["--idle"], "Missing value: --idle needs spin|sleep"],
  [["--duration", "1", "--duration", "2"], "Flag given more than once: --duration (1, 2)"],
  [["--json=false"], "Flag --json takes no value: --json=false"],
  [["-j=1"], "Flag --json takes no value: -j=1"],
];

for (const [argv, message] of USAGE_ERRORS) {
  Deno.test(`parseLine refuses ${argv.join(" ")}`, () => {
    const error = assertThrows(() => parse(...argv));
    assertIsError(error, UsageError);
    assertEquals(error.message, message);
  });
}

const VALUE_ERRORS: readonly (readonly [readonly string[], string])[] = [
  [["--duration", "abc"], 'Cannot use --duration = "abc": expected a number above 0'],
  [["--duration", "-5"], "Cannot use --duration = -5: expected a number above 0"],
  [["-d", "-.5"], "Cannot use --duration = -0.5: expected a number above 0"],
  [["--duration", "0"], "Cannot use --duration = 0: expected a number above 0"],
  [["--duration", "Infinity"], 'Cannot use --duration = "Infinity": expected a number above 0'],
  [["--duration", "1e999"], "Cannot use --duration = Infinity: expected a number"],
  [["--duration", "0x10"], 'Cannot use --duration = "0x10": expected a number above 0'],
  [["--duration", "3s"], 'Cannot use --duration = "3s": expected a number above 0'],
  [["--seed", "1.5"], "Cannot use --seed = 1.5: expected a whole number of at least 0"],
  [["--seed", "-1"], "Cannot use --seed = -1: expected a whole number of at least 0"],
  [["--idle", "hard"], 'Cannot use --idle = "hard": expected one of spin, sleep'],
];

for (const [argv, message] of VALUE_ERRORS) {
  Deno.test(`parseLine refuses the value in ${argv.join(" ")}`, () => {
    const error = assertThrows(() => parse(...argv));
    assertIsError(error, InvalidInputError);
    assertEquals(error.message, message);
    assertEquals(error.field, `--${argv[0]!.startsWith("--") ? argv[0]!.slice(2) : "duration"}`);
  });
}

Deno.test("findCommand takes the longest name and defaults to the first command", () => {
  const commands = ["watch", "native build", "native path", "doctor"].map(command);
  const found = (...argv: string[]) => {
    const { command, rest } = findCommand(argv, commands);
    return [command.name, ...rest];
  };
  assertEquals(found(), ["watch"]);
  assertEquals(found("--stub", "3"), ["watch", "--stub", "3"]);
  assertEquals(found("watch", "--stub"), ["watch", "--stub"]);
  assertEquals(found("native", "build", "--force"), ["native build", "--force"]);
  assertEquals(found("doctor", "more"), ["doctor", "more"]);
});

Deno.test("findCommand suggests what was meant", () => {
  const commands = ["watch", "native build", "native path", "doctor"].map(command);
  const message = (...argv: string[]) => {
    const error = assertThrows(() => findCommand(argv, commands));
    assertIsError(error, UsageError);
    return error.message;
  };
  assertEquals(message("wacth"), 'Unknown command: wacth, did you mean "watch"?');
  assertEquals(message("docter", "x"), 'Unknown command: docter, did you mean "doctor"?');
  assertEquals(message("nativ"), 'Unknown command: nativ, did you mean "native"?');
  assertEquals(
    message("native", "biuld"),
    'Unknown command: native biuld, did you mean "native build"?',
  );
  assertEquals(
    message("native", "zzz"),
    "Unknown command: native zzz (native has build, path)",
  );
  assertEquals(message("native"), "Command native needs one of: build, path");
  assertEquals(message("btcusdt"), "Unknown command: btcusdt (--help lists them all)");
});
