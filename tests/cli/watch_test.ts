import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { programMissing } from "../support/programs.ts";
import { cliCommand, runCli, spawnCli, startCli } from "./run_cli.ts";

const FIELDS = [
  ...["mode", "durationS", "totalTrades", "buyVolume", "sellVolume", "lastBid", "lastAsk"],
  ...["minSpread", "maxSpread", "tradesPerSecond", "depthUpdates", "dropped", "feedLatencyNs"],
  ...["overflows", "malformed", "health", "instruments"],
];

Deno.test("watch --stub prints lines and a summary, without any permission", async () => {
  const { code, stdout, stderr } = await runCli(["--stub", "--duration", "1.6"]);
  assertEquals(code, 0, stderr);
  const [line = ""] = stdout.split("\n");
  assertMatch(line, /^ +1\.\d s {2}stub btcusdt {2}bid \d+\.\d {2}ask \d+\.\d {2}trades \d+ /);
  assertMatch(stdout, /^Summary: stub, 1\.6 s$/m);
  assertMatch(stdout, /^ {2}trades +\d/m);
  assertMatch(stdout, /^dropped 0, channel overflows 0, malformed messages 0$/m);
  // deno-lint-ignore no-control-regex
  assert(!/\x1b/.test(stdout), "no terminal codes where there is no terminal");
});

Deno.test("watch --json prints one object with every field", async () => {
  const { code, stdout, stderr } = await runCli(["watch", "--stub", "-d", "1", "--json"]);
  assertEquals(code, 0, stderr);
  const report = JSON.parse(stdout);
  for (const field of FIELDS) assert(field in report, `has ${field}`);
  assertEquals(report.mode, "stub");
  assert(report.durationS >= 1 && report.durationS < 30);
  assert(report.totalTrades > 0);
  assert(Math.abs(report.tradesPerSecond - report.totalTrades / report.durationS) < 1e-6);
  assert(report.buyVolume > 0 && report.sellVolume > 0);
  assert(report.lastBid > 0 && report.lastAsk > report.lastBid);
  assert(report.minSpread > 0 && report.maxSpread >= report.minSpread);
  assert(report.depthUpdates > 0);
  assertEquals([report.dropped, report.overflows, report.malformed], [0, 0, 0]);
  const { p50, p99, max } = report.feedLatencyNs;
  assert(p50 > 0 && p99 >= p50 && max >= p99);
  assertEquals(report.health, { healthy: true, reason: null });
  assertEquals(report.instruments.length, 1);
});

Deno.test("watch adds up several instruments and tells the rest of each", async () => {
  const { code, stdout } = await runCli([
    ...["--stub", "--json", "--duration", "0.8", "--symbol", "btcusdt", "-s", "ethusdt"],
    ...["--instrument", "other:solusdt:0.01:1", "--tick-size", "0.5"],
  ]);
  assertEquals(code, 0);
  const report = JSON.parse(stdout);
  assertEquals(
    report.instruments.map((i: Record<string, unknown>) => [i.connector, i.symbol, i.tickSize]),
    [["stub", "btcusdt", 0.5], ["stub", "ethusdt", 0.5], ["other", "solusdt", 0.01]],
  );
  const total = (field: string) =>
    report.instruments.reduce((sum: number, i: Record<string, number>) => sum + i[field]!, 0);
  assertEquals(report.totalTrades, total("totalTrades"));
  assertEquals(report.depthUpdates, total("depthUpdates"));
  assert(report.instruments.every((i: { totalTrades: number }) => i.totalTrades > 0));
  assertEquals([report.lastBid, report.buyVolume, report.feedLatencyNs.p50], [null, null, null]);
});

Deno.test("watch --quiet prints the summary alone", async () => {
  const { code, stdout, stderr } = await runCli(["--stub", "--quiet", "--duration", "1.3"]);
  assertEquals(code, 0);
  assert(stdout.startsWith("Summary"), stdout);
  assertEquals(stderr, "");
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends watch with its summary and code 130`, async () => {
    await using cli = startCli(["--stub"]);
    await cli.prints("stdout", /trades/);
    cli.kill(signal);
    const { code, stdout, stderr } = await cli.ended;
    assertEquals(code, 130, stderr);
    assertMatch(stdout, /^Summary: stub/m);
    assertStringIncludes(stdout, "dropped 0");
  });
}

Deno.test("SIGINT ends watch --json with its one object", async () => {
  await using cli = startCli(["--stub", "--json"]);
  await cli.prints("stderr", /healthy,/);
  cli.kill("SIGINT");
  const { code, stdout } = await cli.ended;
  assertEquals(code, 130);
  assert(JSON.parse(stdout).totalTrades >= 0);
});

Deno.test("a reader that goes away ends watch, as head and less do, without a word about it", async () => {
  const child = spawnCli(["--stub"]);
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  assertEquals(code, 141);
  assertEquals(stderr, "stub btcusdt: healthy, market data comes in\n");
});

Deno.test("on a terminal watch redraws in place and never prompts", async (t) => {
  const script = Deno.build.os === "linux" && await programMissing("script") === undefined;
  if (!script) console.log("skipped: the program script of util-linux is not installed");
  await t.step({
    name: "through script",
    ignore: !script,
    async fn() {
      const command = cliCommand(["--stub", "--duration", "1.2"])
        .filter((arg) => arg !== "--no-prompt")
        .map((arg) => `'${arg}'`).join(" ");
      const { code, stdout } = await new Deno.Command("script", {
        args: ["-qec", command, "/dev/null"],
        env: { TERM: "xterm" },
        stdin: "null",
      }).output();
      const text = new TextDecoder().decode(stdout);
      assertEquals(code, 0, text);
      assertStringIncludes(text, "Ctrl+C ends it");
      assertStringIncludes(text, "\x1b[7A\x1b[0J", "the block is drawn again in place");
      assertStringIncludes(text, "Summary");
      assert(!text.includes("Allow?"), "no prompt");
    },
  });
});
