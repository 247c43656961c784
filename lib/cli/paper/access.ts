/**
 * Tells how a paper exchange is reached.
 *
 * @module
 */

import { writeNewFile } from "../../connector/new_file.ts";
import type { Output } from "../output.ts";
import type { ExchangeAccess } from "./exchange_host.ts";

/** The configuration file's name in the advice, when none was written. */
const EXAMPLE_FILE = "paper.toml";

/**
 * Writes the connector's configuration for its owner only. A file that exists is left as it is.
 *
 * @param path The file.
 * @param toml Its content.
 * @throws {ConnectorConfigError} If it exists, or cannot be written.
 * @throws {MissingPermissionError} If it may not be written.
 */
export async function writeConfig(path: string, toml: string): Promise<void> {
  const note = "# The keys are those of a paper exchange on this machine: they move no money.\n";
  await writeNewFile(path, note + toml, { action: "Cannot write the configuration" });
}

/**
 * Tells how the exchange is reached, with its keys, which is what they are for: they are good
 * for nothing else.
 *
 * @param output Where to tell it.
 * @param access How it is reached.
 * @param options `configPath`, the file that holds the configuration, undefined to show it;
 * `hasConnector`, whether a connector is started on it and needs no configuration from here.
 */
export function showAccess(
  output: Output,
  access: ExchangeAccess,
  options: { readonly configPath: string | undefined; readonly hasConnector: boolean },
): void {
  const { configPath, hasConnector } = options;
  const { venue, instruments, apiUrl, adminUrl, adminToken, connectorToml } = access;
  const { bold, dim } = output.style;
  const symbols = instruments.map(({ symbol, tickSize, lotSize }) =>
    `${symbol} (tick size ${tickSize}, lot size ${lotSize})`
  );
  // Written, not told as lines: keys and token are for the terminal, and not for a log file.
  const print = (text = ""): void => output.write(`${text}\n`);
  print(bold(`Paper exchange on ${apiUrl}: ${symbols.join(", ")}`));
  if (configPath === undefined && !hasConnector) {
    print();
    print(dim(`# ${EXAMPLE_FILE}: the connector's configuration. These are paper keys.`));
    print(connectorToml.trimEnd());
    print();
  } else if (configPath !== undefined) {
    print(`Configuration with its paper keys: ${configPath}`);
  }
  const file = configPath ?? EXAMPLE_FILE;
  const admin = `curl -H 'x-admin-token: ${adminToken}'`;
  if (!hasConnector) {
    print(`Start the connector:  connector NAME ${venue} ${file}`);
  }
  print(`Ask how it is:        ${admin} ${adminUrl}/report`);
  print(
    `Make it fail:         ${admin} -d '{"fault":"dropStreams"}' ${adminUrl}/faults`,
  );
  print();
}
