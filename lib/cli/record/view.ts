/**
 * A recording as people read it.
 *
 * @module
 */

import { formatBytes, formatCount, formatRate, plural } from "../../format.ts";
import type { RecoveredRecording } from "../../replay/record/recover.ts";
import type { Style } from "../ansi.ts";
import { Page, type PageOptions } from "../page.ts";
import type { RecordReport } from "./report.ts";

/** How far a recording is, in one line. */
export function statusLine(report: RecordReport): string {
  const { durationS, events, files, dropped, overflows, health } = report;
  return [
    `${durationS.toFixed(1)} s`.padStart(10),
    `events ${formatCount(events)} (${formatRate(events / durationS)}/s)`,
    `files ${formatCount(files.length)}`,
    `dropped ${formatCount(dropped)}`,
    `overflows ${formatCount(overflows)}`,
    health.healthy ? "healthy" : "not healthy",
  ].join("  ");
}

/** The summary at the end. */
export function summary(report: RecordReport, options: PageOptions): string {
  const { style } = options;
  const page = new Page(options);
  page.heading(`Summary: ${report.mode}, ${report.durationS.toFixed(1)} s`);
  for (const { connector, symbol, events, ...instrument } of report.instruments) {
    const files = report.files.filter((file) =>
      file.symbol === symbol && file.connector === connector
    );
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    page.paragraph(style.bold(`${connector} ${symbol}`));
    page.table([
      ["events", formatCount(events)],
      ["bytes", formatBytes(bytes)],
      ...files.map(({ path }) => ["file", path] as const),
      ...remarks(instrument),
    ]);
  }
  for (const path of report.left) {
    page.paragraph(style.red(`Left behind: ${path} (record --recover may complete it)`));
  }
  page.closing(losses(report, style));
  return page.text();
}

/** What was made of a file that a crash had left behind. */
export function recoveredLine(path: string, recovered: RecoveredRecording): string {
  const { path: complete, entries, bytes, leftOutBytes } = recovered;
  const what = complete.endsWith(".npz") ? plural(entries, "record") : plural(entries, "line");
  const rest = leftOutBytes > 0 ? `, ${plural(leftOutBytes, "byte")} behind them left out` : "";
  return `Recovered ${path}: ${complete}, ${what}, ${formatBytes(bytes)}${rest}`;
}

/** What a user of the files should know of an instrument's events. */
function remarks(
  counts: Pick<
    RecordReport["instruments"][number],
    "unwritable" | "raisedTimes" | "reversedExchTimes" | "negativeLatencies"
  >,
): [string, string][] {
  const { unwritable, raisedTimes, reversedExchTimes, negativeLatencies } = counts;
  const rows: [number, string, string][] = [
    [unwritable, "left out", "that the format cannot express"],
    [raisedTimes, "local times raised", "that ran backwards"],
    [reversedExchTimes, "exchange times", "that run backwards, and are recorded as they are"],
    [negativeLatencies, "local times", "before those of the exchange: the clocks differ"],
  ];
  return rows.filter(([count]) => count > 0).map(([count, name, text]) => [
    name,
    `${plural(count, "event")} ${text}`,
  ]);
}

/** What went wrong on the way; stands out when anything did. */
function losses({ dropped, overflows, lost }: RecordReport, style: Style): string {
  const text = `dropped ${formatCount(dropped)}, overflows before the recorder ` +
    `${formatCount(overflows)}${lost > 0 ? ` (${plural(lost, "event")} and more)` : ""}`;
  return dropped + overflows > 0 ? style.yellow(text) : text;
}
