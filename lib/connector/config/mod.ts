/**
 * Configuration of connectors: reading, checking, secrets.
 *
 * @module
 */

export {
  type BinanceFuturesConfig,
  type BinanceSpotConfig,
  BYBIT_CATEGORIES,
  type BybitCategory,
  type BybitConfig,
  checkConnectorType,
  type CommonConnectorConfig,
  CONNECTOR_TYPES,
  type ConnectorConfig,
  type ConnectorNetwork,
  type ConnectorType,
  type ValidatedConfig,
} from "./types.ts";
export {
  formatReference,
  REDACTED,
  Secret,
  type SecretReference,
  type SecretSource,
} from "./secret.ts";
export { checkSymbol } from "./symbol.ts";
export { parseConfig } from "./parse.ts";
export { validateConfigFile } from "./validate.ts";
export { configTemplate, writeConfigTemplate } from "./template.ts";
export {
  type Credentials,
  readSecrets,
  type ResolvedConfig,
  type ResolveOptions,
  resolveSecrets,
} from "./resolve.ts";
export { privateDirectory, removeLeftovers } from "./private_file.ts";
