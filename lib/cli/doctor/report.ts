/**
 * What the doctor found, as text.
 *
 * @module
 */

import { plural } from "../../format.ts";
import { Page, type PageOptions } from "../page.ts";
import type { CheckResult, CheckStatus } from "./check.ts";

const WORDS: Readonly<Record<CheckStatus, string>> = {
  ok: "ok",
  warning: "warning",
  failed: "failed",
  notChecked: "not checked",
};

/** What the doctor found, as text. */
export function doctorReport(checks: readonly CheckResult[], options: PageOptions): string {
  const { bold, green, yellow, red, dim } = options.style;
  const colours = { ok: green, warning: yellow, failed: red, notChecked: dim };
  const width = Math.max(...Object.values(WORDS).map((word) => word.length));
  const page = new Page(options);
  for (const { name, status, seen, advice } of checks) {
    const mark = colours[status](WORDS[status].padEnd(width));
    page.entry(mark, `${bold(`${name}:`)} ${seen}`, advice && `-> ${advice}`);
  }
  const counts = (["ok", "warning", "failed", "notChecked"] as const).flatMap((status) => {
    const count = checks.filter((check) => check.status === status).length;
    return count > 0 ? [`${count} ${WORDS[status]}`] : [];
  });
  page.closing(`${plural(checks.length, "check")}: ${counts.join(", ")}`);
  return page.text();
}
