/**
 * A first configuration file, for the test net.
 *
 * @module
 */

import { writeNewFile } from "../new_file.ts";
import { checkConnectorType, type ConnectorType } from "./types.ts";

const ACCOUNT_KEYS = `
# The account. Both empty: market data only. Instead of the value itself, each may name the place
# that keeps it: "env:NAME" for an environment variable, "file:PATH" for a file of its own.
# CAUTION: with keys, the connector cancels all open orders of a symbol as soon as a bot asks for it.
`;

const HMAC_KEYS = `${ACCOUNT_KEYS}api_key = ""
secret = ""
`;

const PREFIX =
  "# Start of the exchange's id of each order, to tell this connector's orders from others'.";

const TEMPLATES: Readonly<Record<ConnectorType, string>> = {
  binancefutures: `# hftbacktest connector for Binance USD-M futures, on the TEST NET.
# Check it with: cli.ts connector validate --type binancefutures FILE
# Symbols are in lower case: "btcusdt".

# Market data. Main net: wss://fstream.binance.com/ws
stream_url = "wss://fstream.binancefuture.com/ws"

# Orders and account. Main net: https://fapi.binance.com
api_url = "https://testnet.binancefuture.com"

${PREFIX}
# At most 20 letters, digits and ".:/_-".
order_prefix = "hftlive"
${HMAC_KEYS}`,

  binancespot: `# hftbacktest connector for Binance spot, on the TEST NET.
# Check it with: cli.ts connector validate --type binancespot FILE
# Symbols are in lower case: "btcusdt".

# Market data. Main net: wss://stream.binance.com:9443/ws
stream_url = "wss://stream.testnet.binance.vision/ws"

# Orders. Main net: https://api.binance.com
api_url = "https://testnet.binance.vision"

# Account. Main net: wss://ws-api.binance.com:443/ws-api/v3
ws_api_url = "wss://ws-api.testnet.binance.vision/ws-api/v3"

${PREFIX}
# At most 20 letters, digits and ".:/_-".
order_prefix = "hftlive"
${ACCOUNT_KEYS}# The secret is an Ed25519 private key in PEM form, best kept in a file: "file:binance.pem"
api_key = ""
secret = ""
`,

  bybit: `# hftbacktest connector for Bybit, on the TEST NET.
# Check it with: cli.ts connector validate --type bybit FILE
# Symbols are in upper case: "BTCUSDT".

# Market data. Main net: wss://stream.bybit.com/v5/public/linear
public_url = "wss://stream-testnet.bybit.com/v5/public/linear"

# Account. Main net: wss://stream.bybit.com/v5/private
private_url = "wss://stream-testnet.bybit.com/v5/private"

# Orders. Main net: wss://stream.bybit.com/v5/trade
trade_url = "wss://stream-testnet.bybit.com/v5/trade"

# Positions. Main net: https://api.bybit.com
rest_url = "https://api-testnet.bybit.com"

# Kind of product: linear, inverse, spot or option; must agree with public_url.
category = "linear"

${PREFIX}
# At most 8 letters, digits, "_" and "-".
order_prefix = "hftlive"
${HMAC_KEYS}`,
};

/**
 * The text of a first configuration file: commented, for the test net, without keys.
 *
 * @param type The exchange.
 * @returns A TOML document.
 * @throws {InvalidInputError} If the connector does not know the exchange.
 */
export function configTemplate(type: ConnectorType): string {
  return TEMPLATES[checkConnectorType(type)];
}

/**
 * Writes a first configuration file that only its owner can read. An existing file is never
 * touched.
 *
 * @param type The exchange.
 * @param path The file.
 * @throws {ConnectorConfigError} If it exists, or cannot be written.
 * @throws {InvalidInputError} If the connector does not know the exchange.
 * @throws {MissingPermissionError} If the file may not be written.
 */
export async function writeConfigTemplate(type: ConnectorType, path: string): Promise<void> {
  const text = configTemplate(type);
  await writeNewFile(path, text, { action: "Cannot write the configuration" });
}
