/**
 * Asking which cargo there is.
 *
 * @module
 */

import { MissingPermissionError } from "../model/errors.ts";
import { CargoNotFoundError } from "./cargo.ts";

/**
 * The version of cargo, such as "cargo 1.90.0 (840b83a10 2025-07-30)".
 *
 * @param cargo Path or name of cargo.
 * @returns The line that it prints.
 * @throws {CargoNotFoundError} If there is no cargo.
 * @throws {MissingPermissionError} If it may not be run.
 */
export async function cargoVersion(cargo: string = "cargo"): Promise<string> {
  const { state } = await Deno.permissions.query({ name: "run", command: cargo });
  if (state !== "granted") {
    throw new MissingPermissionError(`Cannot run ${cargo}`, [`--allow-run=${cargo}`]);
  }
  try {
    const { stdout } = await new Deno.Command(cargo, {
      args: ["--version"],
      stdin: "null",
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout).trim();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) throw new CargoNotFoundError(cargo, { cause });
    throw cause;
  }
}
