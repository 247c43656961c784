/**
 * `cli.ts connector logs`: shows what connectors print.
 *
 * @module
 */

import type { ConnectorLogLine } from "../../connector/supervisor/control_messages.ts";
import type { Style } from "../ansi.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { PLACE_VARIABLES } from "../environment.ts";
import {
  CONTROL_FILES,
  CONTROL_FLAGS,
  CONTROL_WHY,
  controlClient,
  controlPermissions,
} from "../connector/control.ts";
import { logText } from "../connector/log_text.ts";
import { JSON_LINES_FLAG } from "../json_flag.ts";
import { ExitCode } from "../exit.ts";
import { plural } from "../../format.ts";

/** The connector logs command. */
export const connectorLogs: AnyDeclaration = defineCommand({
  usage: ["[NAME] [--follow] [--lines N] [--json] [--socket FILE]"],
  details: [
    "Lines of the supervisor itself, about what it did with the connector, stand among the " +
    "connector's own. Secrets are removed. The last 2,000 lines are kept.",
  ],
  flags: {
    follow: { kind: "switch", alias: "f", description: "Go on with new lines until Ctrl+C" },
    lines: {
      kind: "number",
      alias: "n",
      placeholder: "N",
      integer: true,
      min: 0,
      max: 1_000_000,
      default: 100,
      description: "Show the last N lines of each connector first",
    },
    ...JSON_LINES_FLAG,
    ...CONTROL_FLAGS,
  },
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
    { args: "bf -f", description: "Follow the connector bf", permissions: "connector" },
    { args: "-n 20", description: "The last lines of all connectors", permissions: "connector" },
  ],
  async run({ flags, stdout, stderr, signal }, [connector]) {
    const { follow, lines: last, json } = flags;
    const logs = controlClient(flags.socket).logs({ connector, last, follow, signal });
    const format = json
      ? (line: ConnectorLogLine) => JSON.stringify(line)
      : (line: ConnectorLogLine) => text(line, stdout.style, connector === undefined);
    for await (const line of logs) {
      stdout.line(format(line));
      await stdout.flush();
    }
    if (logs.dropped > 0) {
      stderr.line(`${plural(logs.dropped, "line")} came too fast to be shown`);
    }
    return signal.aborted ? ExitCode.Interrupted : ExitCode.Done;
  },
});

function text(line: ConnectorLogLine, style: Style, named: boolean): string {
  return named ? `${style.bold(line.connector)} ${logText(line, style)}` : logText(line, style);
}
