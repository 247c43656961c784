/**
 * `cli.ts connector stop`: stops a connector, or the supervisor.
 *
 * @module
 */

import { type Command, defineCommand } from "../command.ts";
import {
  CONTROL_FLAGS,
  CONTROL_WHY,
  controlClient,
  controlPermissions,
} from "../connector/control.ts";
import { ExitCode } from "../exit.ts";

/** The connector stop command. */
export const connectorStop: Command = defineCommand({
  name: "connector stop",
  summary: "Stop one connector, or all with their supervisor",
  usage: ["[NAME] [--socket FILE]"],
  details: [
    "A connector that was stopped by its name stays stopped until connector restart NAME. " +
    "Without a name all are stopped, those that others depend on last, and the supervisor ends.",
  ],
  flags: CONTROL_FLAGS,
  args: [{ name: "NAME" }],
  needs: [{
    when: "always",
    permissions: ({ socket }) => controlPermissions(socket),
    why: CONTROL_WHY,
    set: "connector",
  }],
  examples: [
    { args: "bf", description: "Stop the connector bf", permissions: "connector" },
    { args: "", description: "Stop everything", permissions: "connector" },
  ],
  async run({ flags, stderr }, [name]) {
    await controlClient(flags.socket).stop(name);
    if (!flags.quiet) {
      stderr.line(name === undefined ? "supervisor stopped" : `${name} stopped`);
    }
    return ExitCode.Done;
  },
});
