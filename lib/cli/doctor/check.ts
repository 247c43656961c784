/**
 * What a check of the doctor finds.
 *
 * @module
 */

/** How a check came out. */
export type CheckStatus = "ok" | "warning" | "failed" | "notChecked";

/** The result of one check. */
export interface CheckResult {
  /** What was looked at. */
  readonly name: string;
  /** How it came out. */
  readonly status: CheckStatus;
  /** What was seen. */
  readonly seen: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** A check that could not be made for lack of a permission. */
export function notChecked(name: string, flag: string): CheckResult {
  return {
    name,
    status: "notChecked",
    seen: "may not be looked at",
    advice: `Run doctor with ${flag}`,
  };
}

/**
 * Runs a check; a permission that turns out to be missing in it makes it "notChecked".
 *
 * @param name What is looked at.
 * @param flag The flag that gives the permission.
 * @param look The check.
 */
export async function guarded(
  name: string,
  flag: string,
  look: () => CheckResult | Promise<CheckResult>,
): Promise<CheckResult> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return notChecked(name, flag);
    const seen = error instanceof Error ? error.message : String(error);
    return { name, status: "failed", seen };
  }
}
