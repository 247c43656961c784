/**
 * Takes the picture of the dashboard that README.md shows: a market maker that trades two
 * simulated markets through a supervised connector, after a minute and a half.
 *
 *     deno task screenshot [FILE.png]
 *
 * Needs Chromium, and the engine built (`deno task native`).
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { stringify } from "smol-toml";
import { startCli } from "../tests/cli/run_cli.ts";
import { Browser, findChromium } from "../tests/observe/browser.ts";
import { inCheckout } from "../tests/support/checkout.ts";
import { nativeReady, simConnectorPath } from "../tests/support/native_ready.ts";
import { TempDirectory } from "../tests/support/temp_directory.ts";
import { recompress } from "./png.ts";

const FILE = Deno.args[0] ?? inCheckout("docs/images/dashboard.png");
const SIZE = { width: 1600, height: 1000 };
/** Time that the charts show, ms. */
const HISTORY_MS = 90_000;

const SYMBOLS = [
  { name: "btcusdt", base_price: 60_000, tick_size: 0.1, lot_size: 0.001, max_lots: 900 },
  { name: "ethusdt", base_price: 3_000, tick_size: 0.01, lot_size: 0.001, max_lots: 9_000 },
];
const MARKET = {
  source: { kind: "synthetic", rate: 1_200, seed: 11, volatility: 0.08, symbols: SYMBOLS },
  orders: { order_latency_us: 400 },
};
const CONNECTORS = {
  connector: [{
    name: "sim",
    type: "binancefutures",
    config: "sim.toml",
    binary: simConnectorPath(),
    validate_config: false,
    ready: { symbol: "btcusdt", tick_size: 0.1, lot_size: 0.001 },
    watchdog: {
      symbols: ["btcusdt", { symbol: "ethusdt", tick_size: 0.01, lot_size: 0.001 }],
      feed_timeout_s: 10,
    },
  }],
};

const { program, missing = nativeReady() } = await findChromium();
if (program === undefined || missing !== undefined) {
  console.error(`Cannot take the picture: ${missing}`);
  Deno.exit(1);
}
await using directory = await TempDirectory.create();
await directory.write("sim.toml", stringify(MARKET));
const connectors = await directory.write("connectors.toml", stringify(CONNECTORS));
const options = { permissions: ["-A"], env: { XDG_RUNTIME_DIR: directory.path } };

await using supervisor = startCli(["connector", "up", "--file", connectors], options);
await supervisor.prints("stdout", /sim ready/);
await using trade = startCli([
  ...["trade", "--live", "--strategy", inCheckout("examples/market_maker.ts")],
  ...["--instrument", "sim:btcusdt:0.1:0.001", "--instrument", "sim:ethusdt:0.01:0.001"],
  ...["--set", "halfSpreadTicks=2", "--set", "quoteLots=150", "--set", "maxPositionLots=1500"],
  ...["--set", "skewTicksPerLot=0.002", "--dashboard", "0", "--supervisor"],
], options);
const [, url = ""] = await trade.prints("stderr", /^Dashboard: (http:\S+)$/m);
await using browser = await Browser.start(program);
const page = await browser.open(url);
await page.look(SIZE, "dark");
await delay(HISTORY_MS);
// Between a fill and the next quote there is none to show.
await page.until("document.querySelectorAll('#orders tbody tr:not(.empty)').length === 2");
await page.screenshot(FILE);
await Deno.writeFile(FILE, recompress(await Deno.readFile(FILE)));
trade.kill("SIGINT");
await trade.ended;
supervisor.kill("SIGINT");
await supervisor.ended;
console.log(`${FILE}: ${(await Deno.stat(FILE)).size} bytes`);
