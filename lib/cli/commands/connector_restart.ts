/**
 * `cli.ts connector restart`: stops and starts a connector.
 *
 * @module
 */

import { describeState } from "../../connector/supervisor/state.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { PLACE_VARIABLES } from "../environment.ts";
import { requireArguments } from "../connector/arguments.ts";
import {
  answerOf,
  CONTROL_FILES,
  CONTROL_FLAGS,
  CONTROL_WHY,
  controlClient,
  controlPermissions,
} from "../connector/control.ts";
import { stateText } from "../connector/state_text.ts";
import { CommandError, ExitCode } from "../exit.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { writeJson } from "../output.ts";

const NAME = "connector restart";

/** The connector restart command. */
export const connectorRestart: AnyDeclaration = defineCommand({
  usage: ["NAME [--json] [--socket FILE]"],
  details: [
    "Waits for the first attempt: ends with code 0 if the connector is ready, else with code 1 " +
    "and its state. Restarts are counted from 0 again.",
  ],
  flags: { ...JSON_FLAG, ...CONTROL_FLAGS },
  args: [{ name: "NAME" }],
  validate: (_flags, args) => requireArguments(NAME, ["NAME"], args),
  needs: [{
    when: "always",
    permissions: ({ socket }) => controlPermissions(socket),
    why: CONTROL_WHY,
    set: "connector",
  }],
  exitCodes: {
    0: "The connector is ready",
    1: "It is not, or no supervisor runs",
  },
  files: CONTROL_FILES,
  environment: PLACE_VARIABLES,
  examples: [{ args: "bf", description: "Restart the connector bf", permissions: "connector" }],
  async run({ flags, stdout, stderr, signal }, [name = ""]) {
    const state = await answerOf(controlClient(flags.socket).restart(name), signal);
    if (flags.json) writeJson(stdout, { connector: name, state });
    if (state.status !== "ready") {
      throw new CommandError(`Cannot restart connector ${name}: ${describeState(state)}`);
    }
    if (!flags.quiet && !flags.json) stderr.line(`${name} ${stateText(state, stderr.style)}`);
    return ExitCode.Done;
  },
});
