/**
 * Text in columns.
 *
 * @module
 */

import { columnsOf } from "../ansi.ts";

const GAP = "  ";

/**
 * Lays rows out so that each column is as wide as its widest cell.
 *
 * @param rows Cells, with or without colour; all rows of one length.
 * @returns One line a row.
 */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, columnsOf(cell));
    });
  }
  return rows.map((row) =>
    row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - columnsOf(cell)))
      .join(GAP).trimEnd()
  );
}
