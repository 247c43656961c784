/**
 * `cli.ts help`: explains the program or one of its commands.
 *
 * @module
 */

import { type AnyDeclaration, defineCommand } from "../command.ts";
import { COMMANDS } from "../commands.ts";
import { ExitCode, UsageError } from "../exit.ts";
import { helpFor } from "../help.ts";
import { findCommand } from "../parse.ts";

/** The help command. */
export const help: AnyDeclaration = defineCommand({
  usage: ["[COMMAND]"],
  args: [
    {
      name: "COMMAND",
      get words() {
        return [...new Set(COMMANDS.map(({ name }) => name.split(" ")[0]!))];
      },
    },
    {
      name: "COMMAND",
      get words() {
        return [...new Set(COMMANDS.flatMap(({ name }) => name.split(" ").slice(1)))];
      },
    },
  ],
  flags: {},
  validate: (_flags, words) => {
    const isGroup = words.length < 2 &&
      COMMANDS.some(({ name }) => name.startsWith(`${words[0]} `));
    if (words.length === 0 || isGroup) return;
    const { command, rest: [extra] } = findCommand(words, COMMANDS);
    if (extra !== undefined) {
      throw new UsageError(`Unknown command: ${command.name} ${extra} (${command.name} is one)`);
    }
  },
  examples: [
    { args: "watch", description: "Explain watch and all its flags" },
    { args: "connector", description: "List the commands that begin with connector" },
  ],
  async run({ stdout }, args) {
    stdout.write(await helpFor(args, COMMANDS, { ...stdout.size(), style: stdout.style }));
    return ExitCode.Done;
  },
});
