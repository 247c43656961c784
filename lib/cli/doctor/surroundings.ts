/**
 * Checks of what hftlive runs on: Deno and the permissions it was given.
 *
 * @module
 */

import { isOldDeno, MIN_DENO } from "../../deno_version.ts";
import { parseLine } from "../parse.ts";
import type { Command } from "../command.ts";
import { isGranted } from "../../permissions.ts";
import { permissionFlags } from "../permissions.ts";
import type { CheckResult } from "./check.ts";

/** Whether Deno is new enough, and the engine runs on this system. */
export function checkDeno(version: string = Deno.version.deno): CheckResult {
  const seen = `${version} on ${Deno.build.target}`;
  if (isOldDeno(version)) {
    return {
      name: "Deno",
      status: "failed",
      seen,
      advice: `Use Deno ${MIN_DENO} or newer (deno upgrade, or ./denow)`,
    };
  }
  if (Deno.build.os !== "linux" && Deno.build.os !== "darwin") {
    const advice = "The native engine runs on Linux and macOS only; --stub runs here";
    return { name: "Deno", status: "warning", seen, advice };
  }
  return { name: "Deno", status: "ok", seen };
}

/**
 * Which commands the permissions that were given are enough for.
 *
 * @param commands All commands.
 */
export function checkPermissionsGiven(commands: readonly Command[]): CheckResult {
  const can: string[] = [];
  const cannot: string[] = [];
  for (const { name, needs = [], flags } of commands) {
    const defaults = parseLine([], flags).flags;
    for (const { when, applies, permissions } of needs) {
      const isForm = when.startsWith("--");
      if (!isForm && applies?.(defaults) === false) continue;
      const form = isForm ? `${name} ${when}` : name;
      const missing = permissions(defaults, []).filter((permission) => !isGranted(permission));
      if (missing.length === 0) can.push(form);
      else cannot.push(`${form} (needs ${permissionFlags(missing).join(" ")})`);
    }
  }
  if (cannot.length === 0) {
    return { name: "Permissions", status: "ok", seen: "enough for every command" };
  }
  return {
    name: "Permissions",
    status: "notChecked",
    seen: (can.length > 0 ? `enough for ${can.join(", ")}; ` : "") +
      `not enough for ${cannot.join(", ")}`,
    advice: "Each command's help names the permissions it needs; --stub needs none",
  };
}
