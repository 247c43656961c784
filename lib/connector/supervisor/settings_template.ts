/**
 * A first file of connectors.
 *
 * @module
 */

import { writeNewFile } from "../new_file.ts";

const TEMPLATE = `# Connectors of hftbacktest, for: cli.ts connector up --file FILE
# Check it with: cli.ts connector validate FILE
# Relative paths start from the directory of this file. docs/connector.md explains every key.

[supervisor]
# control_socket = "/run/user/1000/hftlive/control.sock"   # in a directory of mode 0700
# log_dir = "logs"                                         # must exist; else logs are in memory only

[[connector]]
name = "bf"                       # bots find it under this name
type = "binancefutures"           # binancefutures, binancespot or bybit
config = "binancefutures.toml"    # write one with: cli.ts connector init binancefutures
# binary = "/usr/local/bin/connector"   # else built from hftbacktest's source
# depends_on = ["other"]                # started once these are ready

# Messages that wait for each bot before its oldest is lost, and bots at a time: memory for both of
# them multiplied, 564 bytes each. [channel] before the first connector is for all of them.
# [connector.channel]
# buffer_size = 10000
# max_bots = 200

# Without symbol, tick_size and lot_size it is ready as soon as it publishes on its channel.
[connector.ready]
symbol = "btcusdt"
tick_size = 0.1
lot_size = 0.001
timeout_s = 30

# A connector without market data for this long is restarted. Its symbols are registered, and with
# an API key the connector cancels all open orders of a symbol that is registered for the first time.
[connector.watchdog]
symbols = ["btcusdt"]             # others: { symbol = "ethusdt", tick_size = 0.01, lot_size = 0.001 }
feed_timeout_s = 60

[connector.restart]
policy = "on-failure"             # never, on-failure or always
first_delay_s = 1                 # doubled with each restart in the window
max_delay_s = 60
max_restarts = 5                  # crashes in the window; then it is left failed
window_s = 600                    # an exchange that is away does not count as a crash
`;

/** The text of a first file of connectors: commented, with one connector. */
export function settingsTemplate(): string {
  return TEMPLATE;
}

/**
 * Writes a first file of connectors that only its owner can read. An existing file is never touched.
 *
 * @param path The file.
 * @throws {ConnectorConfigError} If it exists, or cannot be written.
 * @throws {MissingPermissionError} If the file may not be written.
 */
export async function writeSettingsTemplate(path: string): Promise<void> {
  await writeNewFile(path, TEMPLATE, { action: "Cannot write the file of connectors" });
}
