/**
 * `--log-file`, `--log-level` and `--verbose`: what a log tells of a run, and what it never tells.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { TempDirectory } from "../support/temp_directory.ts";
import { runCli, startCli } from "./run_cli.ts";

const STUB = ["--stub", "--duration", "0.3", "--json"];

/** The lines of a log, without their times. */
async function logOf(path: string): Promise<string[]> {
  const text = await Deno.readTextFile(path);
  return text.trimEnd().split("\n").map((line) => line.replace(/^\S+Z /, ""));
}

Deno.test("a log file tells when a run began and ended, and what the user was told", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("run.log");
  const { code, stderr } = await runCli(["watch", ...STUB, "--log-file", path], {
    permissions: [`--allow-write=${path}`],
  });
  assertEquals([code, stderr], [0, "stub btcusdt: healthy, market data comes in\n"]);
  const [begins = "", market = "", ended = "", ...rest] = await logOf(path);
  assertMatch(begins, /^INFO {2}run: begins command=watch version=\d\S* pid=\d+$/);
  assertEquals(market, "INFO  cli: stub btcusdt: healthy, market data comes in");
  assertEquals([ended, ...rest], ["INFO  run: ended code=0"]);
});

Deno.test("a log file tells an error as one", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("run.log");
  const { code, stderr } = await runCli(
    ["record", "--output", path, "--stub", "--log-file", path],
    { permissions: ["-A"] },
  );
  assertEquals(code, 1);
  const lines = await logOf(path);
  assertEquals(lines.slice(1), [
    `ERROR cli: ${stderr.trimEnd()}`,
    "INFO  run: ended code=1",
  ]);
});

Deno.test("a log file is appended to, and keeps to its level", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("run.log", "before\n");
  const line = ["watch", ...STUB, "--log-file", path, "--log-level", "error"];
  assertEquals((await runCli(line, { permissions: ["-A"] })).code, 0);
  assertEquals(await Deno.readTextFile(path), "before\n");
});

Deno.test("--verbose tells on stderr what goes on, and --quiet nothing", async () => {
  const { stdout, stderr } = await runCli(["watch", ...STUB, "--verbose"]);
  assert(JSON.parse(stdout));
  assertMatch(stderr, /^\S+Z INFO {2}run: begins command=watch /);
  assertMatch(stderr, /^stub btcusdt: healthy/m);
  assertMatch(stderr, /^\S+Z INFO {2}run: ended code=0$/m);
  assertEquals((await runCli(["watch", ...STUB, "--quiet"])).stderr, "");
});

Deno.test("no log file holds the token of a page, or the keys of a paper exchange", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("run.log");
  const page = await runCli(
    [
      ...["watch", "--stub", "--duration", "0.3", "--dashboard", "0", "--control"],
      ...["--log-file", path, "--verbose"],
    ],
    { permissions: ["-A"] },
  );
  const [, token = ""] = /^Token for controls: (\S+)$/m.exec(page.stderr) ?? [];
  assertEquals(token.length, 32, page.stderr);
  await using paper = startCli(
    ["paper", "--stub", "--duration", "0.3", "--json", "--log-file", path, "--verbose"],
    { permissions: ["-A"] },
  );
  const { stderr } = await paper.ended;
  const secrets = [...stderr.matchAll(/^(?:api_key|secret) = "(\w+)"$/gm)].map(([, key]) => key);
  assertEquals(secrets.length, 2, stderr);
  const log = await Deno.readTextFile(path);
  assertMatch(log, /Dashboard: http/);
  for (const secret of [token, ...secrets]) assert(!log.includes(secret ?? "?"), log);
  assert(!/admin-token: \w/.test(log), log);
});
