import { assert, assertEquals, assertMatch } from "@std/assert";
import manifest from "../../deno.json" with { type: "json" };
import { loadCommands } from "../../lib/cli/commands.ts";
import { parseLine } from "../../lib/cli/parse.ts";
import { runCli } from "./run_cli.ts";

const commands = await loadCommands();

const WRONG_LINES: readonly (readonly [string, string])[] = [
  [
    "",
    "Nothing to watch: give --stub for a random market, --replay FILE for a recording, " +
    "or --live for a running connector",
  ],
  ["--stub --live", "Flags --stub and --live exclude each other"],
  ["wacth --stub", 'Unknown command: wacth, did you mean "watch"?'],
  ["--stub --dration 3", "Unknown flag: --dration, did you mean --duration?"],
  ["--stub --duration", "Missing value: --duration needs SECONDS"],
  [
    "--stub --duration -1",
    "Cannot use --duration = -1: expected a number above 0 and at most 2147483",
  ],
  [
    "--stub --duration soon",
    'Cannot use --duration = "soon": expected a number above 0 and at most 2147483',
  ],
  [
    "--stub --duration 3e6",
    "Cannot use --duration = 3000000: expected a number of at most 2147483",
  ],
  ["--stub --duration 1 -d 2", "Flag given more than once: --duration (1, 2)"],
  ["--stub btcusdt", "Unexpected argument: btcusdt (watch takes none)"],
  ["--stub doctor", "Unexpected argument: doctor (the command comes first, before all flags)"],
  ["--stub --depth hashmap", "Flag --depth needs --live"],
  ["--stub --tick-size 0", "Cannot use --tick-size = 0: expected a number above 0"],
  ["--stub -s a -s a", 'Cannot use --symbol = "a": expected no symbol twice on connector stub'],
  [
    "--stub --instrument a:b:0.1",
    'Cannot use --instrument = "a:b:0.1": expected NAME:SYMBOL:TICK:LOT, ' +
    "such as binancefutures:btcusdt:0.1:0.001",
  ],
  [
    "--live --connector c --symbol s",
    "Missing flags: --live needs --tick-size, --lot-size (or --instrument NAME:SYMBOL:TICK:LOT)",
  ],
  [
    "--live --instrument c:s:1:1 --symbol t",
    "Missing flags: --live needs --connector, --tick-size, --lot-size beside --instrument",
  ],
  ["--live --instrument c:s:1:1 --seed 3", "Flag --seed needs --stub"],
  [
    "--live --instrument c:s:1:1 --depth roivec",
    "Missing flags: --depth roivec needs --roi-lower and --roi-upper",
  ],
  [
    "--live --instrument c:s:1:1 --depth roivec --roi-lower 2 --roi-upper 1",
    "Cannot use --roi-upper = 1: expected more than --roi-lower 2",
  ],
  ["--live --instrument c:s:1:1 --roi-lower 2", "Flag --roi-lower needs --depth roivec"],
  ["--stub --replay f", "Flags --stub and --replay exclude each other"],
  ["--stub --speed 2", "Flag --speed 2 needs --replay: --stub knows 1 and max"],
  ["--stub --start 2024-08-08T12:00:00Z", "Flag --start needs --replay"],
  ["--live --instrument c:s:1:1 --speed 2", "Flag --speed needs --stub or --replay"],
  [
    "--replay f",
    "Missing flags: --replay needs --tick-size, --lot-size (or --instrument NAME:SYMBOL:TICK:LOT), " +
    "since no recording tells them",
  ],
  [
    "--replay f --instrument c:s:1:1 --speed 0",
    'Cannot use --speed = "0": expected a number above 0, or max',
  ],
  [
    "--replay f --instrument c:s:1:1 --start noon",
    'Cannot use --start = "noon": expected a time such as 2024-08-08T12:00:00Z, ' +
    "or nanoseconds since 1970",
  ],
  [
    "--replay f --instrument c:s:1:1 --start 2024-08-08T12:00:00Z --end 2024-08-08T12:00:00Z",
    'Cannot use --end = "2024-08-08T12:00:00Z": expected a time after --start 2024-08-08T12:00:00Z',
  ],
  ["native", "Command native needs one of: install, build, path, info"],
  ["help nothing", "Unknown command: nothing (--help lists them all)"],
  ["help watch live", "Unknown command: watch live (watch is one)"],
  ["help help help", "Unknown command: help help (help is one)"],
  [
    "--live -P=live",
    "Unknown flag: -P=live (flags of deno come before the program: " +
    "deno run -P=live cli.ts ...)",
  ],
  [
    "--live -P=lvie",
    "Unknown flag: -P=lvie (no permission set is called lvie, did you mean -P=live?)",
  ],
  [
    "--stub -A",
    "Unknown flag: -A (flags of deno come before the program: " +
    "deno run -A cli.ts ...)",
  ],
  [
    "--stub --log-level loud",
    'Cannot use --log-level = "loud": ' +
    "expected one of debug, info, warn, error",
  ],
];

for (const [line, message] of WRONG_LINES) {
  Deno.test(`"cli.ts ${line}" ends with code 2 and one line`, async () => {
    const { code, stdout, stderr } = await runCli(line === "" ? [] : line.split(" "));
    assertEquals({ code, stdout, stderr }, {
      code: 2,
      stdout: "",
      stderr: `hftlive: ${message}\n`,
    });
  });
}

const MISSING_PERMISSIONS: readonly (readonly [string, readonly string[], string, string])[] = [
  ["--live --instrument c:s:1:1", [], "watch --live", "--allow-ffi (or -P=live)"],
  ["--live --instrument c:s:1:1", ["--allow-read"], "watch --live", "--allow-ffi (or -P=live)"],
  [
    "--live --instrument c:s:1:1 --library /x.so",
    ["--allow-ffi=/y.so"],
    "watch --live",
    "--allow-ffi=/x.so (or -P=live)",
  ],
  [
    "--replay a.gz --replay s=b.gz --instrument c:s:1:1",
    ["--allow-read=a.gz"],
    "watch --replay",
    "--allow-read=b.gz (or -P=replay)",
  ],
  ["native build", [], "native build", "--allow-read --allow-run=cargo (or -P=native)"],
  [
    "native build",
    ["--allow-read", "--allow-run=sh"],
    "native build",
    "--allow-run=cargo (or -P=native)",
  ],
  ["native path", ["--allow-ffi"], "native path", "--allow-read (or -P=native)"],
  ["native info", ["--allow-read"], "native info", "--allow-ffi (or -P=live)"],
];

for (const [line, permissions, who, flags] of MISSING_PERMISSIONS) {
  Deno.test(`"cli.ts ${line}" with ${permissions.join(" ") || "no permission"} names the flags`, async () => {
    const { code, stdout, stderr } = await runCli(line.split(" "), { permissions });
    const message = `Cannot run ${who}: permission is missing, run deno with ${flags}`;
    assertEquals({ code, stdout, stderr }, {
      code: 3,
      stdout: "",
      stderr: `hftlive: ${message}\n`,
    });
  });
}

Deno.test("every command answers --help and -h without any permission", async () => {
  for (const { name, summary } of commands) {
    const { code, stdout, stderr } = await runCli([...name.split(" "), "--help"]);
    assertEquals([code, stderr], [0, ""]);
    assert(stdout.startsWith(`NAME\n  ${name}: ${summary}`), stdout);
    assertEquals((await runCli(["help", ...name.split(" ")])).stdout, stdout);
  }
  const { code, stdout } = await runCli(["-h"]);
  assertEquals(code, 0);
  for (const { name } of commands) assert(stdout.includes(`  ${name} `), name);
});

Deno.test("--version tells the version of deno.json", async () => {
  const { code, stdout } = await runCli(["--version"]);
  assertEquals(code, 0);
  assertMatch(stdout, new RegExp(`^hftlive ${manifest.version} \\(deno \\d`));
});

Deno.test("--debug shows where an error was thrown", async () => {
  const { code, stderr } = await runCli(["--stub", "--duration", "x", "--debug"]);
  assertEquals(code, 2);
  assertMatch(stderr, /\n +at .*parse\.ts/);
});

Deno.test("the permission sets of deno.json hold what the commands declare", () => {
  const sets: Record<string, Record<string, unknown>> = manifest.permissions;
  for (const { name, flags, needs = [] } of commands) {
    for (const { set, permissions } of needs) {
      for (const permission of permissions(parseLine([], flags).flags, [])) {
        const given = sets[set]?.[permission.name];
        const value = Object.entries(permission).find(([key]) => key !== "name")?.[1];
        // A host that is given holds each of its ports.
        const wider = String(value).replace(/:\d+$/, "");
        const holds = given === true ||
          (Array.isArray(given) && (given.includes(value) || given.includes(wider)));
        assert(holds, `-P=${set} gives ${name} ${permission.name} ${value ?? ""}`);
      }
    }
  }
});
