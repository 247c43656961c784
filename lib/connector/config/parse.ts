/**
 * From the text of a configuration file to a configuration, or to all that is wrong with it.
 *
 * @module
 */

import { parse, TomlDate, TomlError, type TomlTable, type TomlValue } from "smol-toml";
import { suggest } from "../../suggest.ts";
import { type ConfigProblem, ConnectorConfigError, formatProblem } from "../errors.ts";
import { Redactor } from "../logs/redact.ts";
import { checkApiKey, checkSecretValue } from "./credentials.ts";
import { locateKeys } from "./key_lines.ts";
import { KEYS, SCHEMAS, SECRET_KEYS, toConfig, URL_KEYS } from "./schema.ts";
import { parseSecretSource, Secret } from "./secret.ts";
import {
  BYBIT_CATEGORIES,
  CONNECTOR_TYPES,
  type ConnectorNetwork,
  type ConnectorType,
  type ValidatedConfig,
} from "./types.ts";
import { checkUrl, findMixUp, isShowable, urlNetwork, urlWarnings } from "./url.ts";

/**
 * Reads a configuration.
 *
 * @param type The exchange.
 * @param text The TOML document.
 * @param options `path`, the file it came from, for messages and relative paths.
 * @returns The configuration, its network, and what should be looked at.
 * @throws {ConnectorConfigError} If it cannot be used; lists all that is wrong.
 */
export function parseConfig(
  type: ConnectorType,
  text: string,
  options: { path: string },
): ValidatedConfig {
  return new ConfigReader(type, text, options.path).read();
}

/**
 * Parses a document, without ever showing what stands in it.
 *
 * @param text The document.
 * @param file The file it came from, for messages.
 * @returns Its keys and values.
 * @throws {ConnectorConfigError} If it is no TOML.
 */
export function parseToml(text: string, file: string): TomlTable {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The rest of the message quotes the document, secrets included, so it is no cause either.
    const [reason = ""] = error.message.split("\n");
    throw new ConnectorConfigError(file, [{
      file,
      line: error.line,
      message: reason.replace("Invalid TOML document", "not valid TOML"),
    }]);
  }
}

class ConfigReader {
  readonly #type: ConnectorType;
  readonly #file: string;
  readonly #table: TomlTable;
  readonly #lineOf: (path: readonly string[]) => number | undefined;
  readonly #redactor: Redactor;
  readonly #problems: ConfigProblem[] = [];
  readonly #warnings: string[] = [];

  constructor(type: ConnectorType, text: string, file: string) {
    this.#type = type;
    this.#file = file;
    this.#table = parseToml(text, file);
    this.#lineOf = locateKeys(text);
    // What stands under an unknown key may well be a secret under a mistyped name.
    this.#redactor = new Redactor(
      Object.entries(this.#table)
        .filter(([key]) => SECRET_KEYS.has(key) || !this.#keys.includes(key))
        .flatMap(([, value]) => stringsIn(value))
        .filter((value) => parseSecretSource(value) instanceof Secret),
    );
  }

  get #keys(): readonly string[] {
    return KEYS[this.#type];
  }

  read(): ValidatedConfig {
    const result = SCHEMAS[this.#type].safeParse(this.#table);
    for (const issue of result.error?.issues ?? []) {
      const [key] = issue.path;
      if (issue.code === "unrecognized_keys") issue.keys.forEach((name) => this.#unknownKey(name));
      else if (typeof key === "string") this.#refuse(key, issue.message);
    }
    this.#checkHosts();
    this.#checkCredentials();
    const [first, ...others] = this.#problems.toSorted(byLine);
    if (first !== undefined) throw new ConnectorConfigError(this.#file, [first, ...others]);
    // The schema found nothing that was not told above, so this is for the types only.
    if (!result.success) throw result.error;

    const networks = this.#networks();
    this.#lookAtNetworks(networks);
    this.#lookAtAccount();
    return {
      path: this.#file,
      config: toConfig(this.#type, result.data),
      network: commonNetwork(networks),
      networks,
      warnings: this.#warnings,
    };
  }

  #unknownKey(key: string): void {
    const owners = CONNECTOR_TYPES.filter((type) => KEYS[type].includes(key));
    const near = suggest(key, this.#keys);
    // Anything else may be a secret that lacks its key.
    const isName = owners.length > 0 || near !== undefined || /^[a-z_-]{1,24}$/i.test(key);
    const name = isName ? ` "${key}"` : "";
    if (isTable(this.#table[key])) {
      this.#problem(key, `unknown table${name}: all keys stand at the top of the file`, isName);
      return;
    }
    const hint = owners.length > 0
      ? `: it belongs to ${owners.join(" and ")}, this file is for ${this.#type}`
      : near !== undefined
      ? `, did you mean "${near}"`
      : `: ${this.#type} has ${this.#keys.join(", ")}`;
    this.#problem(key, `unknown key${name}${hint}`, isName);
  }

  /** Tells of a known key whose value the schema does not take. */
  #refuse(key: string, reason: string): void {
    const value = this.#table[key];
    if (value === undefined) this.#missing(key);
    else if (typeof value !== "string") {
      this.#problem(key, `${key}: expected a text in quotes, is ${kindOf(value)}`);
    } else if (key === "category") {
      const near = suggest(value, BYBIT_CATEGORIES);
      const hint = near === undefined ? "" : `, did you mean "${near}"`;
      this.#problem(key, `${key}: expected one of ${BYBIT_CATEGORIES.join(", ")}${hint}`);
    } else this.#problem(key, `${key}: ${reason}`);
  }

  #missing(key: string): void {
    if (this.#isMistyped(key)) return;
    const mayBeEmpty = key === "order_prefix" || SECRET_KEYS.has(key);
    const hint = mayBeEmpty ? `: on ${this.#type} the connector needs it, if only empty` : "";
    this.#problem(key, `missing key "${key}"${hint}`);
  }

  /** Whether a key stands there under a name that was told already. */
  #isMistyped(key: string): boolean {
    return Object.keys(this.#table).some((name) =>
      !this.#keys.includes(name) && suggest(name, this.#keys) === key
    );
  }

  #checkHosts(): void {
    for (const [key, url] of this.#urls()) {
      const mixUp = findMixUp(this.#type, key, url);
      if (mixUp !== undefined) this.#problem(key, `${key}: ${mixUp}`);
    }
  }

  #checkCredentials(): void {
    const { "api_key": apiKey, secret } = this.#table;
    const checks = [
      ["api_key", apiKey, checkApiKey],
      ["secret", secret, (value: string) => checkSecretValue(this.#type, value)],
    ] as const;
    for (const [key, value, check] of checks) {
      if (typeof value !== "string" || value === "") continue;
      const source = parseSecretSource(value);
      const problem = source instanceof Secret ? check(value) : undefined;
      if (problem !== undefined) this.#problem(key, `${key}: ${problem}`);
    }
    this.#checkPair("api_key", "secret");
    this.#checkPair("secret", "api_key");
    if (this.#type === "binancespot" && this.#hasKeys() && !isSet(this.#table["ws_api_url"])) {
      this.#problem("ws_api_url", 'missing key "ws_api_url": with an api_key it is needed');
    }
  }

  /** Binance's connector takes one without the other for none, and then every order fails. */
  #checkPair(given: string, other: string): void {
    const isTold = this.#isMistyped(other) || this.#problems.some(({ field }) => field === other);
    if (isSet(this.#table[given]) && !isSet(this.#table[other]) && !isTold) {
      this.#problem(other, `${other}: empty or missing, but ${given} is there`);
    }
  }

  #hasKeys(): boolean {
    return isSet(this.#table["api_key"]) && isSet(this.#table["secret"]);
  }

  /** The URLs of good form, by key. */
  #urls(): [key: string, url: string][] {
    const urls: [string, string][] = [];
    for (const key of URL_KEYS[this.#type]) {
      const value = this.#table[key];
      const kind = key === "api_url" || key === "rest_url" ? "rest" : "websocket";
      if (typeof value === "string" && checkUrl(kind, value) === undefined) urls.push([key, value]);
    }
    return urls;
  }

  #networks(): ValidatedConfig["networks"] {
    return Object.fromEntries(
      this.#urls().map(([key, url]) => [key, urlNetwork(this.#type, key, url)]),
    );
  }

  #lookAtNetworks(networks: ValidatedConfig["networks"]): void {
    for (const [key, url] of this.#urls()) {
      for (const warning of urlWarnings(this.#type, key, url)) this.#warn(warning, key);
    }
    if (commonNetwork(networks) === "mixed") {
      const list = Object.entries(networks).map(([key, network]) => `${key} ${network}`);
      this.#warn(`the URLs belong to different networks: ${list.join(", ")}`);
    }
  }

  #lookAtAccount(): void {
    const { category, "order_prefix": prefix } = this.#table;
    if (this.#type === "bybit") {
      if (!this.#hasKeys()) {
        this.#warn(
          "api_key: empty, so the private and the trade stream are refused again and again; " +
            "market data is not affected",
          "api_key",
        );
      }
      if (category !== "linear") {
        this.#warn("category: the connector is made for linear contracts", "category");
      }
    }
    if (this.#hasKeys() && !isSet(prefix)) {
      this.#warn(
        "order_prefix: empty, so orders of other programs on the account are taken for this " +
          "connector's and logged as errors",
        "order_prefix",
      );
    }
  }

  #problem(key: string, message: string, isName: boolean = true): void {
    const line = this.#lineOf([key]);
    const value = this.#showable(key);
    this.#problems.push({
      file: this.#file,
      ...(line === undefined ? {} : { line }),
      ...(isName ? { field: key } : {}),
      ...(value === undefined ? {} : { value }),
      message: this.#redactor.redactKnown(message),
    });
  }

  /** A key's value, unless it is or may hold a secret. */
  #showable(key: string): unknown {
    const value = this.#table[key];
    if (SECRET_KEYS.has(key) || !this.#keys.includes(key)) return undefined;
    if (typeof value === "number" || typeof value === "boolean") return value;
    // In a URL, "@" and "?" are where credentials are.
    if (typeof value !== "string" || !isShowable(value) || /[@?]/.test(value)) return undefined;
    return this.#redactor.redact(value) === value ? value : undefined;
  }

  #warn(message: string, key?: string): void {
    const line = key === undefined ? undefined : this.#lineOf([key]);
    this.#warnings.push(formatProblem({
      file: this.#file,
      ...(line === undefined ? {} : { line }),
      message: this.#redactor.redactKnown(message),
    }));
  }
}

function commonNetwork(networks: ValidatedConfig["networks"]): ConnectorNetwork {
  const [first = "custom", ...others] = new Set(Object.values(networks));
  return others.length === 0 ? first : "mixed";
}

function byLine(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER);
}

function isSet(value: TomlValue | undefined): boolean {
  return typeof value === "string" && value !== "";
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof TomlDate);
}

function kindOf(value: TomlValue): string {
  if (Array.isArray(value)) return "an array";
  if (value instanceof TomlDate) return "a date";
  return typeof value === "object" ? "a table" : `a ${typeof value}`;
}

function stringsIn(value: TomlValue): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return isTable(value) ? Object.values(value).flatMap(stringsIn) : [];
}
