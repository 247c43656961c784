/**
 * Which permission each command needs, and why: a table made from what the commands declare.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { parseLine } from "./parse.ts";
import { permissionFlags } from "./permissions.ts";

/** One permission of a form of a command. */
export interface PermissionRow {
  /** The command. */
  readonly command: string;
  /** When it needs it: "always", or a flag. */
  readonly when: string;
  /** The set of deno.json that holds it; undefined where nothing is needed. */
  readonly set: string | undefined;
  /** The flag for deno; empty where nothing is needed. */
  readonly flag: string;
  /** What it is for. */
  readonly why: string;
  /** Whether only some flags bring it about. */
  readonly byFlag: boolean;
}

/**
 * The permissions of all commands. Made in a process without permissions, so that it does not
 * depend on the machine.
 *
 * @param commands The commands.
 * @returns A row for each permission; a single one without a flag for a command that needs none.
 */
export function permissionRows(commands: readonly Command[]): PermissionRow[] {
  return commands.flatMap(({ name: command, flags, needs = [] }) => {
    const defaults = parseLine([], flags).flags;
    const rows = needs.flatMap(({ when, permissions, why, set }) => {
      const given = permissions(defaults, []);
      return Object.entries(why).map(([name, reason]): PermissionRow => {
        const own = given.filter((permission) => permission.name === name);
        const [flag = `--allow-${name}`] = permissionFlags(own);
        return { command, when, set, flag, why: reason, byFlag: own.length === 0 };
      });
    });
    const always = needs.some(({ when }) => !when.startsWith("--"));
    const none = { command, when: needs.length === 0 ? "always" : "otherwise", set: undefined };
    return always ? rows : [...rows, { ...none, flag: "", why: "", byFlag: false }];
  });
}

/** The table as Markdown. */
export function permissionTable(commands: readonly Command[]): string {
  let last = "";
  const lines = permissionRows(commands).map(({ command, when, set, flag, why, byFlag }) => {
    const form = `${command} ${when}`;
    const isNew = form !== last;
    last = form;
    const cells = [
      isNew ? `\`${command}\`` : "",
      isNew ? (when.startsWith("--") ? `\`${when}\`` : when) : "",
      isNew && set !== undefined ? `\`-P=${set}\`` : "",
      flag === "" ? "none" : `\`${flag}\`${byFlag ? ", by flags" : ""}`,
      why,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| command | when | set | permission | why |",
    "|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}
