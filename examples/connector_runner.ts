/**
 * A connector for as long as a bot trades: built if it is missing, started, proven ready,
 * traded through, stopped.
 *
 *     deno run -A examples/connector_runner.ts --type binancefutures --config binancefutures.toml
 *     deno run -A examples/connector_runner.ts --binary native/target/release/sim-connector \
 *         --type binancefutures --config native/crates/sim-connector/examples/synthetic.toml
 *
 * Without `--binary` the connector is built from the hftbacktest checkout that holds the working
 * directory, or that HFTBACKTEST_ROOT names.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import {
  checkConnectorType,
  ConnectorRunner,
  HftliveError,
  LiveClient,
  NativeBot,
} from "@hftlive/hftlive";

const args = parseArgs(Deno.args, {
  string: ["name", "type", "config", "binary", "symbol"],
  default: { name: `example-${Deno.pid}`, type: "binancefutures", symbol: "btcusdt" },
});
if (args.config === undefined) {
  console.error("connector_runner: --config FILE is needed: the connector's TOML file");
  Deno.exit(2);
}

const instrument = { connector: args.name, symbol: args.symbol, tickSize: 0.1, lotSize: 0.001 };
try {
  await using runner = await ConnectorRunner.launch({
    connectorName: args.name,
    connectorType: checkConnectorType(args.type),
    configPath: args.config,
    // The sim-connector's file is not a real connector's, so only real ones are checked.
    ...(args.binary === undefined ? {} : { binaryPath: args.binary, validateConfig: false }),
  }, { level: "attached" });
  runner.addEventListener("statechange", ({ detail }) => console.log("connector:", detail.state));
  console.log(`connector ${runner.connectorName} runs as process ${runner.pid}`);

  await using client = await LiveClient.start(new NativeBot({ instruments: [instrument] }));
  await client.ready({ level: "fresh", timeoutMs: 10_000 });
  const { bids } = client.snapshot();
  // Far below the market, so that it rests until it is cancelled.
  const price = Math.floor((bids[0]!.price * 0.9) / 0.1) * 0.1;
  const order = await client.submitOrder({ side: "buy", price, qty: 0.001, timeInForce: "GTX" });
  console.log(`order ${order.orderId} at ${order.price.toFixed(1)} is ${order.status}`);
  const end = await client.cancelOrder(order.orderId);
  console.log(`order ${end.orderId} is ${end.status}`);
} catch (error) {
  if (!(error instanceof HftliveError)) throw error;
  console.error(`connector_runner: ${error.message}`);
  Deno.exitCode = 1;
}
