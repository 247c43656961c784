/**
 * `cli.ts connector stop`: stops a connector, or the supervisor.
 *
 * @module
 */

import { type AnyDeclaration, defineCommand } from "../command.ts";
import { PLACE_VARIABLES } from "../environment.ts";
import {
  answerOf,
  CONTROL_FILES,
  CONTROL_FLAGS,
  CONTROL_WHY,
  controlClient,
  controlPermissions,
} from "../connector/control.ts";
import { ExitCode } from "../exit.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { writeJson } from "../output.ts";

/** The connector stop command. */
export const connectorStop: AnyDeclaration = defineCommand({
  usage: ["[NAME] [--json] [--socket FILE]"],
  details: [
    "A connector that was stopped by its name stays stopped until connector restart NAME. " +
    "Without a name all are stopped, those that others depend on last, and the supervisor ends.",
  ],
  flags: { ...JSON_FLAG, ...CONTROL_FLAGS },
  args: [{ name: "NAME" }],
  needs: [{
    when: "always",
    permissions: ({ socket }) => controlPermissions(socket),
    why: CONTROL_WHY,
    set: "connector",
  }],
  files: CONTROL_FILES,
  environment: PLACE_VARIABLES,
  examples: [
    { args: "bf", description: "Stop the connector bf", permissions: "connector" },
    { args: "", description: "Stop everything", permissions: "connector" },
  ],
  async run({ flags, stdout, stderr, signal }, [name]) {
    await answerOf(controlClient(flags.socket).stop(name), signal);
    if (flags.json) writeJson(stdout, { stopped: name ?? "supervisor" });
    else if (!flags.quiet) {
      stderr.line(name === undefined ? "supervisor stopped" : `${name} stopped`);
    }
    return ExitCode.Done;
  },
});
