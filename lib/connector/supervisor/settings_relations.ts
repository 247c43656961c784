/**
 * Checks of what the parts of a `connectors.toml` say about each other.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";
import { suggest } from "../../suggest.ts";
import { CHANNEL_VARIABLE } from "../channel/channel_config.ts";
import type { KeyPath } from "../config/key_lines.ts";
import { checkSymbol } from "../config/symbol.ts";
import { findCycle } from "./dependencies.ts";
import type { SettingsProblems } from "./settings_problems.ts";
import type { RawConnector, RawSettings, RawWatchedSymbol } from "./settings_schema.ts";

/**
 * Checks a file that its schema has accepted.
 *
 * @param settings What the file says.
 * @param problems Gets all that is wrong.
 */
export function checkRelations(settings: RawSettings, problems: SettingsProblems): void {
  const { connector: connectors } = settings;
  checkNames(connectors, problems);
  checkDependencies(connectors, problems);
  connectors.forEach((connector, index) => {
    const at = ["connector", index];
    checkChannel(connector, { at, problems });
    checkDelays(connector, { at, problems });
    checkReady(connector, { at, problems });
    checkWatchdog(connector, { at, problems });
  });
}

/** Where a connector stands, and where its problems go. */
interface Place {
  readonly at: KeyPath;
  readonly problems: SettingsProblems;
}

function checkNames(connectors: readonly RawConnector[], problems: SettingsProblems): void {
  const seen = new Set<string>();
  connectors.forEach(({ name }, index) => {
    if (seen.has(name)) {
      problems.add(
        ["connector", index, "name"],
        `connector.name: "${name}" is the name of another connector too`,
      );
    }
    seen.add(name);
  });
}

function checkDependencies(connectors: readonly RawConnector[], problems: SettingsProblems): void {
  const names = connectors.map(({ name }) => name);
  connectors.forEach(({ name, "depends_on": dependencies }, index) => {
    for (const dependency of dependencies) {
      if (names.includes(dependency)) continue;
      const near = suggest(dependency, names.filter((other) => other !== name));
      const hint = near === undefined ? "" : `, did you mean "${near}"`;
      problems.add(
        ["connector", index, "depends_on"],
        `connector.depends_on: there is no connector "${dependency}"${hint}`,
      );
    }
  });
  const cycle = findCycle(
    connectors.map(({ name, "depends_on": dependsOn }) => ({ name, dependsOn })),
  );
  const [first] = cycle ?? [];
  if (cycle === undefined || first === undefined) return;
  problems.add(
    ["connector", names.indexOf(first), "depends_on"],
    `connector.depends_on: each waits for the next: ${cycle.join(", ")}`,
  );
}

function checkChannel({ channel, env }: RawConnector, { at, problems }: Place): void {
  if (channel === undefined || env[CHANNEL_VARIABLE] === undefined) return;
  problems.add(
    [...at, "env", CHANNEL_VARIABLE],
    `connector.env: ${CHANNEL_VARIABLE} and [connector.channel] exclude each other`,
  );
}

function checkDelays({ restart }: RawConnector, { at, problems }: Place): void {
  const { "first_delay_s": first, "max_delay_s": max } = restart;
  if (first > max) {
    problems.add(
      [...at, "restart", "max_delay_s"],
      `connector.restart.max_delay_s: expected at least first_delay_s, is ${max} and not ${first}`,
    );
  }
}

function checkReady({ type, ready }: RawConnector, { at, problems }: Place): void {
  const { level, symbol, "tick_size": tickSize, "lot_size": lotSize } = ready;
  if (symbol !== undefined) {
    checkSpelling(type, symbol, { at: [...at, "ready", "symbol"], problems });
  }
  const parts = Object.entries({ symbol, "tick_size": tickSize, "lot_size": lotSize });
  const missing = parts.filter(([, value]) => value === undefined).map(([key]) => key);
  const needsSymbol = level === "registered" || level === "fresh";
  if (!needsSymbol && missing.length === parts.length) return;
  const why = needsSymbol
    ? `level "${level}" is proven with a symbol`
    : "symbol, tick_size and lot_size belong together";
  for (const key of missing) problems.add([...at, "ready", key], `missing key "${key}": ${why}`);
}

function checkWatchdog(connector: RawConnector, { at, problems }: Place): void {
  const { type, ready, watchdog } = connector;
  const seen = new Set<string>();
  watchdog?.symbols.forEach((watched, index) => {
    const place = { at: [...at, "watchdog", "symbols", index], problems };
    checkSpelling(type, watched.symbol, place);
    if (seen.has(watched.symbol)) {
      problems.add(place.at, `connector.watchdog.symbols: "${watched.symbol}" stands there twice`);
    }
    seen.add(watched.symbol);
    checkGrid(watched, { ready, ...place });
  });
}

/** The connector keeps a symbol's book on the grid of whoever registers it first. */
function checkGrid(
  watched: RawWatchedSymbol,
  { at, problems, ready }: Place & Pick<RawConnector, "ready">,
): void {
  const { symbol } = watched;
  for (const key of ["tick_size", "lot_size"] as const) {
    const own = watched[key];
    const proven = symbol === ready.symbol ? ready[key] : undefined;
    if (own === undefined && proven === undefined) {
      problems.add(
        at,
        `connector.watchdog.symbols: "${symbol}" needs tick_size and lot_size, write ` +
          `{ symbol = "${symbol}", tick_size = ..., lot_size = ... }`,
      );
      return;
    }
    if (own !== undefined && proven !== undefined && own !== proven) {
      problems.add(
        at,
        `connector.watchdog.symbols: "${symbol}" has ${key} ${own}, ` +
          `but connector.ready has ${proven}`,
      );
    }
  }
}

function checkSpelling(type: RawConnector["type"], symbol: string, { at, problems }: Place): void {
  try {
    checkSymbol(type, symbol);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    problems.add(at, error.message.replace("Cannot use ", ""));
  }
}
