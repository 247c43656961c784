/**
 * `cli.ts connector systemd`: writes a unit.
 *
 * @module
 */

import { dirname, resolve } from "@std/path";
import { systemdUnit } from "../../connector/deploy/mod.ts";
import { writeNewFile } from "../../connector/new_file.ts";
import { loadSupervisorSettings } from "../../connector/supervisor/settings_file.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { DEFAULT_FILE } from "../connector/arguments.ts";
import { namedValues } from "../connector/pairs.ts";
import { startTimeoutMs, stopTimeoutMs } from "../connector/timeouts.ts";
import { ExitCode, UsageError } from "../exit.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { writeJson } from "../output.ts";
import { selfCommand } from "../self.ts";

/** The connector systemd command. */
export const connectorSystemd: AnyDeclaration = defineCommand({
  usage: [
    "[--file FILE] [--user NAME] [--output FILE] [--env NAME=VALUE]... [--credential NAME=FILE]... " +
    "[--json]",
  ],
  details: [
    "The unit goes to stdout, or to a file that does not exist yet. It runs connector up as " +
    "Type=notify, with a watchdog and with as few rights as that needs.",
    "Secrets do not belong into --env, which every user can see. A --credential NAME=FILE is " +
    'found by secret = "file:/run/credentials/UNIT.service/NAME" in a configuration.',
  ],
  flags: {
    file: {
      kind: "text",
      placeholder: "FILE",
      default: DEFAULT_FILE,
      description: "The file of connectors",
    },
    user: {
      kind: "text",
      placeholder: "NAME",
      description: "User to run as, who runs the bots too (default: the user of this shell)",
    },
    group: { kind: "text", placeholder: "NAME", description: "Group to run as" },
    description: {
      kind: "text",
      placeholder: "TEXT",
      default: "hftlive connectors",
      description: "What systemctl calls it",
    },
    env: {
      kind: "text",
      placeholder: "NAME=VALUE",
      repeatable: true,
      description: "Environment variable",
    },
    "env-file": {
      kind: "text",
      placeholder: "FILE",
      description: "File with more of them, for the eyes of its user only",
    },
    credential: {
      kind: "text",
      placeholder: "NAME=FILE",
      repeatable: true,
      description: "File with a secret",
    },
    writable: {
      kind: "text",
      placeholder: "DIRECTORY",
      repeatable: true,
      description: "Directory to write to, beside the file's log_dir",
    },
    watchdog: {
      kind: "number",
      placeholder: "SECONDS",
      positive: true,
      max: 86_400,
      default: 30,
      description: "Without a sign of life for this long, it is restarted",
    },
    output: {
      kind: "text",
      alias: "o",
      placeholder: "FILE",
      description: "File to write, instead of stdout",
    },
    ...JSON_FLAG,
  },
  validate: ({ env, credential }) => {
    namedValues("--env", env);
    namedValues("--credential", credential);
  },
  needs: [
    {
      when: "always",
      permissions: ({ user }) => [
        { name: "read" },
        ...user === undefined ? [{ name: "env", variable: "USER" } as const] : [],
      ],
      why: { read: "the file of connectors", env: "the user to run as, unless --user tells" },
      set: "connector",
    },
    {
      when: "--output",
      applies: ({ output }) => output !== undefined,
      permissions: ({ output }) => [
        output === undefined ? { name: "write" } : { name: "write", path: output },
      ],
      why: { write: "the unit" },
      set: "connector",
    },
  ],
  options: {
    user: "--user",
    group: "--group",
    description: "--description",
    environment: "--env",
    environmentFile: "--env-file",
    credentials: "--credential",
    writablePaths: "--writable",
    watchdogMs: "--watchdog",
  },
  files: [[DEFAULT_FILE, "The file of connectors, without --file"]],
  environment: ["USER"],
  examples: [
    {
      args: "--file /etc/hftlive/connectors.toml --user trader --output hftlive.service",
      description: "Write a unit, to be checked with systemd-analyze verify",
      permissions: "connector",
    },
  ],
  async run({ flags, stdout, stderr }) {
    const settings = await loadSupervisorSettings(flags.file);
    const user = flags.user ?? Deno.env.get("USER");
    if (!user) throw new UsageError("Missing flag: USER is not set, give --user NAME");
    const { group, "env-file": environmentFile } = flags;
    const { logFiles } = settings;
    const unit = systemdUnit({
      command: selfCommand(["connector", "up", `--file=${settings.path}`]),
      user,
      description: flags.description,
      workingDirectory: dirname(settings.path),
      environment: namedValues("--env", flags.env),
      credentials: namedValues("--credential", flags.credential),
      writablePaths: [
        ...logFiles === undefined ? [] : [logFiles.directory],
        ...flags.writable.map((path) => resolve(path)),
      ],
      watchdogMs: Math.round(flags.watchdog * 1_000),
      startTimeoutMs: startTimeoutMs(settings),
      stopTimeoutMs: stopTimeoutMs(settings),
      ...group === undefined ? {} : { group },
      ...environmentFile === undefined ? {} : { environmentFile: resolve(environmentFile) },
    });
    const { output: path = null } = flags;
    if (path !== null) {
      await writeNewFile(path, unit, { action: "Cannot write the unit", mode: 0o644 });
    }
    if (flags.json) writeJson(stdout, { path, unit });
    else stdout.write(path === null ? unit : `${path}\n`);
    if (path === null) return ExitCode.Done;
    if (!flags.quiet) stderr.line(`Check it with: systemd-analyze verify ${path}`);
    return ExitCode.Done;
  },
});
