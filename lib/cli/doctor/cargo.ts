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
/** The workspace's `rust-version`. */
export const MIN_CARGO = "1.91.1";

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
  if (isOlder(version, MIN_CARGO)) {
    const advice = `Use Rust ${MIN_CARGO} or newer (rustup update)`;
    return { name: NAME, status: "warning", seen: version || "tells no version", advice };
  }
  return { name: NAME, status: "ok", seen: version };
}

/** Whether the first version in a text is below another; one without a version is. */
function isOlder(text: string, minimum: string): boolean {
  const parts = (version: string) =>
    /(\d+)\.(\d+)\.?(\d*)/.exec(version)?.slice(1).map(Number) ?? [];
  const [wanted, given] = [parts(minimum), parts(text)];
  const differs = wanted.findIndex((part, i) => part !== given[i]);
  return differs >= 0 && (given[differs] ?? 0) < (wanted[differs] ?? 0);
}
