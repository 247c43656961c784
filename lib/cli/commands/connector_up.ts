/**
 * `cli.ts connector up`: supervises many connectors in the foreground.
 *
 * @module
 */

import { defaultControlSocket } from "../../connector/supervisor/control_socket.ts";
import { loadSupervisorSettings } from "../../connector/supervisor/settings_file.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { START_VARIABLES } from "../environment.ts";
import { DEFAULT_FILE } from "../connector/arguments.ts";
import { detach } from "../connector/detach.ts";
import { START_WHY, supervisePermissions } from "../connector/permissions.ts";
import { placePermissions } from "../connector/place.ts";
import { superviseConnectors } from "../connector/up_session.ts";
import { checkPage, PAGE_FLAGS, pageNeeds } from "../dashboard/attach.ts";
import { JSON_LINES_FLAG } from "../json_flag.ts";
import { ExitCode } from "../exit.ts";
import { checkPermissions } from "../permissions.ts";
import { warn } from "../warnings.ts";
import { refuse } from "../source/refuse.ts";

/** The connector up command. */
export const connectorUp: AnyDeclaration = defineCommand({
  usage: [
    "[--file FILE] [--logs] [--json] [--socket FILE] [--dashboard PORT [--control]]",
    "--detach [--file FILE] [--dashboard PORT]",
  ],
  details: [
    "Runs in the foreground and prints each change of a connector's state. The commands connector " +
    "status, logs, restart and stop reach it from another shell of the same user.",
    "Ends with code 0 after connector stop, and with code 1 when every connector has failed for " +
    "good. However it ends, its connectors end too.",
    "--dashboard shows states and output on a page; with --control it can stop and restart connectors.",
    "With --json each change is an object with connector, state, previous and time, and each line of " +
    "--logs one as connector logs --json prints it.",
    "--detach starts it as a unit of systemd-run, for this session; connector systemd writes a " +
    "unit that lasts.",
    "Which programs, directories and files it needs follows from its file; what is missing is named " +
    "with the exact flags.",
  ],
  flags: {
    file: {
      kind: "text",
      placeholder: "FILE",
      default: DEFAULT_FILE,
      description: "The file of connectors",
    },
    logs: { kind: "switch", description: "Also show what the connectors print" },
    detach: { kind: "switch", description: "Run in the background, under systemd" },
    socket: {
      kind: "text",
      placeholder: "FILE",
      description: "Control socket, instead of the one that the file names, or the usual one",
    },
    library: {
      kind: "text",
      placeholder: "FILE",
      description: "The native library, instead of the one that would be found",
    },
    ...JSON_LINES_FLAG,
    ...PAGE_FLAGS,
  },
  validate: (flags) => {
    checkPage(flags);
    // Its token would go to the journal, which others may read.
    if (flags.detach) refuse(flags, ["control"], "a terminal: it does not go with --detach");
  },
  needs: [
    {
      when: "always",
      permissions: () => [{ name: "read" }, ...placePermissions()],
      why: {
        ...START_WHY,
        write: "locks, secrets, the control socket, log files",
        net: "the control socket, which Deno counts to the network as well",
      },
      set: "connector",
    },
    {
      when: "--detach",
      applies: ({ detach }) => detach,
      permissions: () => [{ name: "run", command: "systemd-run" }],
      why: { run: "the service manager that is to run it" },
      set: "connector",
    },
    { ...pageNeeds, set: "connector" },
  ],
  exitCodes: {
    0: "Ended by connector stop",
    1: "Every connector has failed for good, or another supervisor runs",
  },
  files: [
    [
      "$XDG_RUNTIME_DIR/hftlive/",
      "Sockets, locks and secrets of this user; else TMPDIR/hftlive-UID/",
    ],
  ],
  environment: [...START_VARIABLES, "OTEL_DENO", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"],
  examples: [
    {
      args: "",
      description: "Supervise the connectors of connectors.toml",
      permissions: "connector",
    },
    {
      args: "--file /etc/hftlive/connectors.toml --detach",
      description: "The same in the background",
      permissions: "connector",
    },
  ],
  async run({ flags, stdout, stderr, signal }) {
    const { library, logs, quiet, json } = flags;
    const settings = await loadSupervisorSettings(flags.file);
    if (flags.detach) return await detach(settings, { flags, stdout, signal });
    const socket = flags.socket ?? settings.controlSocket ?? defaultControlSocket();
    checkPermissions(
      "Cannot run connector up",
      supervisePermissions(settings, { socket, library }),
    );
    warn(settings.warnings, { stderr, quiet });
    await superviseConnectors(settings, { socket, library, logs, quiet, json, page: flags }, {
      stdout,
      stderr,
      signal,
    });
    return signal.aborted ? ExitCode.Interrupted : ExitCode.Done;
  },
});
