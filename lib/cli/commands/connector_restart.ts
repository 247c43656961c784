/**
 * `cli.ts connector restart`: stops and starts a connector.
 *
 * @module
 */

import { describeState } from "../../connector/supervisor/state.ts";
import { type Command, defineCommand } from "../command.ts";
import { requireArguments } from "../connector/arguments.ts";
import {
  CONTROL_FLAGS,
  CONTROL_WHY,
  controlClient,
  controlPermissions,
} from "../connector/control.ts";
import { stateText } from "../connector/state_text.ts";
import { CommandError, ExitCode } from "../exit.ts";

const NAME = "connector restart";

/** The connector restart command. */
export const connectorRestart: Command = defineCommand({
  name: NAME,
  summary: "Start a connector again, whatever became of it",
  usage: ["NAME [--socket FILE]"],
  details: [
    "Waits for the first attempt: ends with code 0 if the connector is ready, else with code 1 " +
    "and its state. Restarts are counted from 0 again.",
  ],
  flags: CONTROL_FLAGS,
  args: [{ name: "NAME" }],
  validate: (_flags, args) => requireArguments(NAME, ["NAME"], args),
  needs: [{
    when: "always",
    permissions: ({ socket }) => controlPermissions(socket),
    why: CONTROL_WHY,
    set: "connector",
  }],
  examples: [{ args: "bf", description: "Restart the connector bf", permissions: "connector" }],
  async run({ flags, stderr }, [name = ""]) {
    const state = await controlClient(flags.socket).restart(name);
    if (state.status !== "ready") {
      throw new CommandError(`Cannot restart connector ${name}: ${describeState(state)}`);
    }
    if (!flags.quiet) stderr.line(`${name} ${stateText(state, stderr.style)}`);
    return ExitCode.Done;
  },
});
