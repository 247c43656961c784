/**
 * The command lines of deploy/compose, together on this machine: what a container has where it has
 * it is put elsewhere, the connector gets a name of its own, and ports are free ones.
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type RunningCli, startCli } from "../cli/run_cli.ts";
import { inCheckout } from "../support/checkout.ts";
import { nativeReady, simConnectorPath } from "../support/native_ready.ts";
import { uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { COMPOSE, readCompose, serviceOf } from "./compose_files.ts";

const missing = nativeReady();

Deno.test({
  name: "the commands of compose.yaml find each other, and Prometheus finds their metrics",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const name = uniqueConnectorName();
    const here = (text: string): string =>
      text
        .replace("/etc/hftlive/", `${directory.path}/`)
        .replace("/run/control/", `${directory.path}/control/`)
        .replace("/strategies/", inCheckout("examples/"))
        .replace("/usr/local/bin/sim-connector", simConnectorPath())
        .replace(/=sim:/, `=${name}:`)
        .replace(/^name = "sim"$/m, `name = "${name}"`)
        .replace(/^(--dashboard|--port)=\d+$/, "$1=0");
    for (const file of ["simulated.toml", "market.toml"]) {
      await directory.write(file, here(await Deno.readTextFile(`${COMPOSE}/config/${file}`)));
    }
    const compose = await readCompose("simulated");
    const start = ([set = "", script = "", ...args]: readonly string[]): RunningCli =>
      startCli(args.map(here), { permissions: [set], script });

    await using supervisor = start(serviceOf(compose, "connector").command!);
    await supervisor.prints("stdout", /ready: market data comes/);
    await using health = start(serviceOf(compose, "connector").healthcheck!.test.slice(5));
    assertEquals((await health.ended).code, 0, health.stderr);

    await using bot = start(serviceOf(compose, "bot").command!);
    await using monitor = start(serviceOf(compose, "monitor").command!);
    const [, botUrl = ""] = await bot.prints("stderr", /^Dashboard: (\S+)$/m);
    const [, monitorUrl = ""] = await monitor.prints("stdout", /^Dashboard: (\S+)$/m);
    const labels = `{connector="${name}",symbol="btcusdt"}`;
    await untilMetrics(botUrl, new RegExp(`hftlive_health_level\\${labels} 3`));
    const trading = await untilMetrics(botUrl, /hftlive_order_updates_total\{.*\} [1-9]/);
    assertStringIncludes(trading, "hftlive_client_running 1\n");
    await untilMetrics(monitorUrl, new RegExp(`hftlive_connector_ready\\{.*"${name}".*\\} 1`));

    bot.kill("SIGTERM");
    const traded = await bot.ended;
    assertEquals(traded.code, 130, traded.stderr);
    assertMatch(traded.stdout, /interrupted/);
    monitor.kill("SIGTERM");
    assertEquals((await monitor.ended).code, 130);
    supervisor.kill("SIGTERM");
    const { code, stdout } = await supervisor.ended;
    assertEquals(code, 130, stdout);
    assertMatch(stdout, /stopped: on request\n$/);
  },
});

/** Longest wait for metrics: so that a hopeless one fails instead of hanging. */
const HOPELESS_MS = 60_000;

/** Asks for metrics until they match. */
async function untilMetrics(url: string, pattern: RegExp): Promise<string> {
  const start = performance.now();
  for (;;) {
    const text = await (await fetch(`${url}metrics`)).text();
    if (pattern.test(text)) return text;
    if (performance.now() - start > HOPELESS_MS) throw new Error(`No ${pattern} in:\n${text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
