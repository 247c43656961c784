/**
 * `cli.ts connector validate`: checks a configuration.
 *
 * @module
 */

import { readSecrets } from "../../connector/config/resolve.ts";
import { CONNECTOR_TYPES } from "../../connector/config/types.ts";
import { validateConfigFile } from "../../connector/config/validate.ts";
import { loadSupervisorSettings } from "../../connector/supervisor/settings_file.ts";
import { type Command, defineCommand } from "../command.ts";
import { connectorType, requireArguments } from "../connector/arguments.ts";
import { networkText } from "../connector/state_text.ts";
import { ExitCode } from "../exit.ts";
import { plural } from "../../format.ts";
import { type Output, writeJson } from "../output.ts";

const NAME = "connector validate";

/** The connector validate command. */
export const connectorValidate: Command = defineCommand({
  name: NAME,
  summary: "Check a configuration, or a file of connectors",
  usage: ["--type TYPE FILE [--secrets] [--json]", "FILE [--json]"],
  details: [
    "With --type, FILE is the TOML file of one connector. Without, it is a file of connectors for " +
    "connector up, and the configurations that it names are checked as well.",
    "All problems are told at once, each with file and line, and end with code 2. Warnings go to " +
    "stderr.",
  ],
  flags: {
    type: {
      kind: "text",
      placeholder: "TYPE",
      words: CONNECTOR_TYPES,
      description: "The exchange: binancefutures, binancespot or bybit",
    },
    secrets: {
      kind: "switch",
      description: "Also look whether the secrets are there that are kept elsewhere",
    },
    json: { kind: "switch", description: "Print one JSON object" },
  },
  args: [{ name: "FILE" }],
  validate: ({ type }, args) => {
    requireArguments(NAME, ["FILE"], args);
    if (type !== undefined) connectorType(type);
  },
  needs: [{
    when: "always",
    permissions: ({ type }, [path]) =>
      type === undefined || path === undefined ? [{ name: "read" }] : [{ name: "read", path }],
    why: {
      read: "the file, the files that it names, and with --secrets the secrets",
      env: "with --secrets, the variables that hold secrets",
    },
    set: "connector",
  }],
  examples: [
    {
      args: "--type binancefutures bf.toml",
      description: "Check the configuration of one connector",
      permissions: "connector",
    },
    {
      args: "connectors.toml",
      description: "Check a file of connectors",
      permissions: "connector",
    },
  ],
  async run({ flags, stdout, stderr }, [file = ""]) {
    const report = flags.type === undefined
      ? await checkConnectors(file)
      : await checkConnector(flags.type, file, flags.secrets);
    if (!flags.quiet) tellWarnings(report.warnings, stderr);
    if (flags.json) writeJson(stdout, { valid: true, ...report });
    else tell(report, stdout);
    return ExitCode.Done;
  },
});

/** What is known of a file that can be used. */
interface Report {
  readonly file: string;
  readonly connectors: readonly { name?: string; type: string; network: string | null }[];
  readonly warnings: readonly string[];
}

async function checkConnector(type: string, file: string, secrets: boolean): Promise<Report> {
  const validated = await validateConfigFile(connectorType(type), file);
  if (secrets) await readSecrets(validated);
  const { path, network, warnings } = validated;
  return { file: path, connectors: [{ type, network }], warnings };
}

async function checkConnectors(file: string): Promise<Report> {
  const { path, connectors, warnings } = await loadSupervisorSettings(file);
  return {
    file: path,
    connectors: connectors.map(({ name, type, network = null }) => ({ name, type, network })),
    warnings,
  };
}

function tell({ file, connectors, warnings }: Report, stdout: Output): void {
  const { style } = stdout;
  for (const { name, type, network } of connectors) {
    const what = name === undefined ? type : `${name} (${type})`;
    stdout.line(`${what}: network ${networkText(network, style)}`);
  }
  const noted = warnings.length === 0 ? "" : `, with ${plural(warnings.length, "warning")}`;
  stdout.line(`${file} can be used${noted}`);
}

function tellWarnings(warnings: readonly string[], stderr: Output): void {
  for (const warning of warnings) stderr.line(`${stderr.style.yellow("warning:")} ${warning}`);
}
