/**
 * `deno task permissions`: writes the table of docs/permissions.md from what the commands declare.
 *
 * With `--check` it writes nothing and fails when the table is not up to date. It may have no other
 * permission than the one for that file: what commands ask for depends on what is granted.
 *
 * @module
 */

import { loadCommands } from "../lib/cli/commands.ts";
import { permissionTable } from "../lib/cli/permission_table.ts";

const PAGE = new URL("../docs/permissions.md", import.meta.url);
const BEGIN = "<!-- Made by: deno task permissions -->\n\n";
const END = "\n\n<!-- End of what deno task permissions makes -->";

const text = await Deno.readTextFile(PAGE);
const begin = text.indexOf(BEGIN);
const end = text.indexOf(END);
if (begin < 0 || end < begin) {
  console.error("permissions: docs/permissions.md lacks the marks of its table");
  Deno.exit(1);
}
const current = text.slice(0, begin) + BEGIN + permissionTable(await loadCommands()) +
  text.slice(end);
if (!Deno.args.includes("--check")) {
  await Deno.writeTextFile(PAGE, current);
} else if (current !== text) {
  console.error("docs/permissions.md is out of date: run deno task permissions");
  Deno.exit(1);
}
