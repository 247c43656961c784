/**
 * Whether the native parts are built, for tests that need them.
 *
 * @module
 */

import { findNativeLibrary } from "../../lib/native/library.ts";
import { inCheckout } from "./checkout.ts";

/** Path of the sim-connector that tests start: the variable HFTLIVE_SIM_CONNECTOR, or the build's. */
export function simConnectorPath(): string {
  return Deno.env.get("HFTLIVE_SIM_CONNECTOR") ??
    inCheckout("native/target/release/sim-connector");
}

/**
 * Tells what is missing for native tests, and prints it once.
 *
 * @param needs Whether the connector is needed as well as the library.
 * @returns The reason to skip, or undefined when everything is there.
 */
export function nativeReady(
  { simConnector = true }: { simConnector?: boolean } = {},
): string | undefined {
  const reason = missingPart(simConnector);
  if (reason !== undefined && !printed.has(reason)) {
    printed.add(reason);
    console.log(`native tests are skipped: ${reason}`);
  }
  return reason;
}

const printed = new Set<string>();

function missingPart(simConnector: boolean): string | undefined {
  try {
    findNativeLibrary();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (!simConnector) return undefined;
  const path = simConnectorPath();
  try {
    Deno.statSync(path);
    return undefined;
  } catch {
    return `no sim-connector at ${path}, build it with: ` +
      "cargo build --release --manifest-path native/Cargo.toml";
  }
}
