/**
 * Check of cargo, which builds the native library and the connector.
 *
 * @module
 */

import { CargoNotFoundError } from "../../connector/cargo.ts";
import { cargoVersion } from "../../connector/cargo_version.ts";
import { MissingPermissionError } from "../../model/errors.ts";
import { type CheckResult, notChecked } from "./check.ts";

const NAME = "cargo";
/** First release that knows edition 2024. */
const MIN_CARGO: readonly [number, number] = [1, 85];

/** Whether there is a cargo that is new enough. */
export async function checkCargo(cargo: string = "cargo"): Promise<CheckResult> {
  try {
    return judgeCargo(await cargoVersion(cargo));
  } catch (error) {
    if (error instanceof MissingPermissionError) return notChecked(NAME, error.flags.join(" "));
    if (error instanceof CargoNotFoundError) {
      return {
        name: NAME,
        status: "warning",
        seen: "not installed",
        advice: "Only needed to build: get Rust from https://rustup.rs",
      };
    }
    throw error;
  }
}

/** Judges what `cargo --version` prints. */
export function judgeCargo(version: string): CheckResult {
  const [major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  const [minMajor, minMinor] = MIN_CARGO;
  if (major < minMajor || (major === minMajor && minor < minMinor)) {
    const advice = `Use Rust ${MIN_CARGO.join(".")} or newer (rustup update)`;
    return { name: NAME, status: "warning", seen: version || "tells no version", advice };
  }
  return { name: NAME, status: "ok", seen: version };
}
