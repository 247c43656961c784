import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { sampleOf } from "../observe/samples.ts";
import { ViewerClient } from "../observe/viewer_client.ts";
import { inCheckout } from "../support/checkout.ts";
import { runCli, type RunningCli, startCli } from "./run_cli.ts";

/** The address that a running command prints. */
async function urlOf(cli: RunningCli, stream: "stdout" | "stderr"): Promise<string> {
  return (await cli.prints(stream, /^Dashboard: (http:\S+)$/m))[1]!;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`dashboard --stub serves page and metrics with one permission, until ${signal}`, async () => {
    await using cli = startCli(["dashboard", "--stub", "--port", "0"], {
      permissions: ["--allow-net=127.0.0.1"],
    });
    const url = await urlOf(cli, "stdout");
    const page = await fetch(url);
    assertEquals(page.status, 200);
    assertStringIncludes(await page.text(), "<title>hftlive</title>");
    for (const path of ["app.js", "chart.js", "uplot.js", "uplot.css", "style.css", "icon.svg"]) {
      const file = await fetch(url + path);
      assertEquals(file.status, 200, path);
      assert((await file.text()).length > 100, path);
    }
    await using viewer = new ViewerClient(url);
    await viewer.until(() => viewer.frames.some(({ overview }) => overview?.healthy));
    const metrics = await (await fetch(`${url}metrics`)).text();
    const trades = 'hftlive_events_total{connector="stub",symbol="btcusdt",kind="trade"}';
    assert(sampleOf(metrics, trades)! > 0);
    cli.kill(signal);
    const { code, stderr } = await cli.ended;
    assertEquals(code, 130, stderr);
  });
}

Deno.test("dashboard counts from the first event on", async () => {
  await using cli = startCli([
    ...[
      "dashboard",
      "--stub",
      "--seed",
      "7",
      "--speed",
      "max",
      "--port",
      "0",
      "--idle",
      "busySpin",
    ],
  ], { permissions: ["--allow-net=127.0.0.1"] });
  const metrics = await (await fetch(`${await urlOf(cli, "stdout")}metrics`)).text();
  // The whole book of the start and the answer to the registration come with the first poll.
  const first = (kind: string) =>
    sampleOf(metrics, `hftlive_events_total{connector="stub",symbol="btcusdt",kind="${kind}"}`);
  assertEquals([first("snapshot")! > 0, first("connection")], [true, 2]);
});

Deno.test("dashboard --duration ends with code 0, --quiet prints the address alone", async () => {
  const { code, stdout, stderr } = await runCli(
    ["dashboard", "--stub", "--port", "0", "--duration", "0.5", "--quiet"],
    { permissions: ["--allow-net=127.0.0.1"] },
  );
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^Dashboard: http:\/\/127\.0\.0\.1:\d+\/\n$/);
});

Deno.test("dashboard --control prints a token on stderr, another one each time", async () => {
  const token = async () => {
    const { stdout, stderr } = await runCli(
      ["dashboard", "--stub", "--port", "0", "--duration", "0.2", "--control"],
      { permissions: ["--allow-net=127.0.0.1"] },
    );
    const [, text = ""] = /^Token for controls: ([\w-]{32})$/m.exec(stderr) ?? [];
    assert(text !== "" && !stdout.includes(text), stderr);
    return text;
  };
  const first = await token();
  assert(first !== await token());
});

Deno.test("a port that is taken, and other wrong lines", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const taken = `= ${port}: expected a port that is free, or 0 for any`;
  const lines: [string, string][] = [
    [`dashboard --stub --port ${port}`, `Cannot use --port ${taken}`],
    [`watch --stub --dashboard ${port}`, `Cannot use --dashboard ${taken}`],
    [
      "dashboard",
      "Nothing to show: give --stub for a random market, --replay FILE for a recording, --live for " +
      "a running connector, or --supervisor for the connectors",
    ],
    ["dashboard --stub --socket x", "Flag --socket needs --supervisor"],
    ["dashboard --supervisor --symbol x", "Flag --symbol needs --live"],
    [
      "dashboard --stub --port 70000",
      "Cannot use --port = 70000: expected a whole number from 0 to 65535",
    ],
    ["watch --stub --control", "Flag --control needs --dashboard PORT"],
  ];
  for (const [line, message] of lines) {
    const { code, stdout, stderr } = await runCli(line.split(" "), { permissions: ["-A"] });
    assertEquals({ line, code, stdout, stderr }, {
      line,
      ...{ code: 2, stdout: "", stderr: `hftlive: ${message}\n` },
    });
  }
});

Deno.test("dashboard names the permission that is missing", async () => {
  const { code, stderr } = await runCli(["dashboard", "--stub", "--port", "8788"]);
  assertEquals(code, 3);
  assertEquals(
    stderr,
    "hftlive: Cannot run dashboard: permission is missing, " +
      "run deno with --allow-net=127.0.0.1:8788 (or -P=dashboard)\n",
  );
});

Deno.test("watch --dashboard shows what it watches, and prints the same report", async () => {
  await using cli = startCli(["watch", "--stub", "--json", "--dashboard", "0"], {
    permissions: ["--allow-net=127.0.0.1"],
  });
  const url = await urlOf(cli, "stderr");
  await using viewer = new ViewerClient(url);
  await viewer.until(() => viewer.frames.some(({ trades }) => trades));
  assertEquals(viewer.hello?.mode, "stub");
  cli.kill("SIGINT");
  const { code, stdout } = await cli.ended;
  assertEquals(code, 130);
  assertEquals(JSON.parse(stdout).dropped, 0);
  assertEquals(await viewer.closed, 1001);
});

Deno.test("trade --dashboard changes nothing in the run", async () => {
  const line = [
    ...["trade", "--strategy", inCheckout("examples/market_maker.ts"), "--stub", "--seed", "7"],
    ...["--duration", "20", "--json"],
  ];
  const run = async (...more: string[]) => {
    const { code, stdout, stderr } = await runCli([...line, ...more], { permissions: ["-A"] });
    assertEquals(code, 0, stderr);
    const { wallS: _, ...report } = JSON.parse(stdout);
    return report;
  };
  const shown = await run("--dashboard", "0");
  assertEquals(shown, await run());
  assert(shown.events > 10_000);
});
