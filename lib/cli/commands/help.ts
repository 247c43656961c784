/**
 * `cli.ts help`: explains the program or one of its commands.
 *
 * @module
 */

import { type Command, defineCommand } from "../command.ts";
import { ExitCode } from "../exit.ts";
import { helpFor } from "../help.ts";

/**
 * The help command.
 *
 * @param commands Gives the commands to explain, of which it is one.
 */
export function help(commands: () => readonly Command[]): Command {
  return defineCommand({
    name: "help",
    summary: "Explain the program or one of its commands",
    usage: ["[COMMAND]"],
    args: [
      {
        name: "COMMAND",
        get words() {
          return [...new Set(commands().map(({ name }) => name.split(" ")[0]!))];
        },
      },
      {
        name: "COMMAND",
        get words() {
          return [...new Set(commands().flatMap(({ name }) => name.split(" ").slice(1)))];
        },
      },
    ],
    flags: {},
    examples: [{ args: "watch", description: "Explain watch and all its flags" }],
    run({ stdout }, args) {
      stdout.write(helpFor(args, commands(), { ...stdout.size(), style: stdout.style }));
      return Promise.resolve(ExitCode.Done);
    },
  });
}
