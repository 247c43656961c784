/**
 * `cli.ts connector status`: tells what a supervisor's connectors are doing.
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
import { channelLines, duration, statusLines } from "../connector/state_text.ts";
import { ExitCode } from "../exit.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { writeJson } from "../output.ts";

/** The connector status command. */
export const connectorStatus: AnyDeclaration = defineCommand({
  usage: ["[--json] [--socket FILE]"],
  details: [
    "Ends with code 0 only if every connector is ready, so that it can be a health check.",
    "CHANNEL is how many messages wait for each bot, and for how many bots. Where that is not the " +
    "default, a line names the file that says so, for the variable of bots in other languages.",
  ],
  flags: {
    ...JSON_FLAG,
    ...CONTROL_FLAGS,
  },
  needs: [{
    when: "always",
    permissions: ({ socket }) => controlPermissions(socket),
    why: CONTROL_WHY,
    set: "connector",
  }],
  exitCodes: {
    0: "Every connector is ready",
    1: "One is not, or no supervisor runs",
  },
  files: CONTROL_FILES,
  environment: PLACE_VARIABLES,
  examples: [
    { args: "", description: "The state of all connectors", permissions: "connector" },
    { args: "--json", description: "The same for a program", permissions: "connector" },
  ],
  async run({ flags, stdout, signal }) {
    const status = await answerOf(controlClient(flags.socket).status(), signal);
    const { connectors, pid, file, startedAt } = status;
    if (flags.json) {
      writeJson(stdout, status);
    } else {
      statusLines(connectors, stdout.style).forEach((line) => stdout.line(line));
      channelLines(connectors).forEach((line) => stdout.line(stdout.style.dim(line)));
      const age = duration(Date.now() - Date.parse(startedAt));
      stdout.line(stdout.style.dim(`supervisor ${pid} for ${age}, ${file}`));
    }
    const isReady = connectors.every(({ state }) => state.status === "ready");
    return isReady ? ExitCode.Done : ExitCode.Failed;
  },
});
