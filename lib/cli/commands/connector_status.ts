/**
 * `cli.ts connector status`: tells what a supervisor's connectors are doing.
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
import { duration, statusLines } from "../connector/state_text.ts";
import { ExitCode } from "../exit.ts";
import { writeJson } from "../output.ts";

/** The connector status command. */
export const connectorStatus: Command = defineCommand({
  name: "connector status",
  summary: "Show what the connectors are doing",
  usage: ["[--json] [--socket FILE]"],
  details: ["Ends with code 0 only if every connector is ready, so that it can be a health check."],
  flags: {
    json: { kind: "switch", description: "Print one JSON object" },
    ...CONTROL_FLAGS,
  },
  needs: [{
    when: "always",
    permissions: ({ socket }) => controlPermissions(socket),
    why: CONTROL_WHY,
    set: "connector",
  }],
  examples: [
    { args: "", description: "The state of all connectors", permissions: "connector" },
    { args: "--json", description: "The same for a program", permissions: "connector" },
  ],
  async run({ flags, stdout }) {
    const status = await controlClient(flags.socket).status();
    const { connectors, pid, file, startedAt } = status;
    if (flags.json) {
      writeJson(stdout, status);
    } else {
      statusLines(connectors, stdout.style).forEach((line) => stdout.line(line));
      const age = duration(Date.now() - Date.parse(startedAt));
      stdout.line(stdout.style.dim(`supervisor ${pid} for ${age}, ${file}`));
    }
    const isReady = connectors.every(({ state }) => state.status === "ready");
    return isReady ? ExitCode.Done : ExitCode.Failed;
  },
});
