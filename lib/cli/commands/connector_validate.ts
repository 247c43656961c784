/**
 * `cli.ts connector validate`: checks a configuration.
 *
 * @module
 */

import { readSecrets } from "../../connector/config/resolve.ts";
import { CONNECTOR_TYPES, type ConnectorType } from "../../connector/config/types.ts";
import { validateConfigFile } from "../../connector/config/validate.ts";
import { loadSupervisorSettings } from "../../connector/supervisor/settings_file.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { requireArguments } from "../connector/arguments.ts";
import { ConnectorConfigError } from "../../connector/errors.ts";
import { warn } from "../warnings.ts";
import { networkText } from "../connector/state_text.ts";
import { ExitCode } from "../exit.ts";
import { formatBytes, plural } from "../../format.ts";
import {
  channelBytes,
  type ChannelSizes,
  describeChannelSizes,
} from "../../model/channel_sizes.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { type Output, writeJson } from "../output.ts";

const NAME = "connector validate";

/** The connector validate command. */
export const connectorValidate: AnyDeclaration = defineCommand({
  usage: ["--type TYPE FILE [--secrets] [--json]", "FILE [--json]"],
  details: [
    "With --type, FILE is the TOML file of one connector. Without, it is a file of connectors for " +
    "connector up, and the configurations that it names are checked as well.",
    "All problems are told at once on stderr, each with file and line; with --json also on stdout, " +
    "in an object whose valid is false.",
  ],
  flags: {
    type: {
      kind: "choice",
      words: CONNECTOR_TYPES,
      placeholder: "TYPE",
      description: "The exchange: binancefutures, binancespot or bybit",
    },
    secrets: {
      kind: "switch",
      description: "Also look whether the secrets are there that are kept elsewhere",
    },
    ...JSON_FLAG,
  },
  args: [{ name: "FILE" }],
  validate: (_flags, args) => requireArguments(NAME, ["FILE"], args),
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
  exitCodes: {
    0: "It can be used",
    2: "It cannot, or the command line is wrong",
  },
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
    const { type, secrets, quiet, json } = flags;
    let report: Report;
    try {
      report = type === undefined
        ? await checkConnectors(file)
        : await checkConnector(type, file, secrets);
    } catch (error) {
      if (json && error instanceof ConnectorConfigError) {
        writeJson(stdout, { valid: false, file: error.file, problems: error.problems });
      }
      throw error;
    }
    warn(report.warnings, { stderr, quiet });
    if (json) writeJson(stdout, { valid: true, ...report });
    else tell(report, stdout);
    return ExitCode.Done;
  },
});

/** What is known of a file that can be used. */
interface Report {
  readonly file: string;
  readonly connectors: readonly {
    name?: string;
    type: string;
    network: string | null;
    channel?: ChannelSizes | null;
  }[];
  readonly warnings: readonly string[];
}

async function checkConnector(
  type: ConnectorType,
  file: string,
  secrets: boolean,
): Promise<Report> {
  const validated = await validateConfigFile(type, file);
  if (secrets) await readSecrets(validated);
  const { path, network, warnings } = validated;
  return { file: path, connectors: [{ type, network }], warnings };
}

async function checkConnectors(file: string): Promise<Report> {
  const { path, connectors, warnings } = await loadSupervisorSettings(file);
  return {
    file: path,
    connectors: connectors.map(({ name, type, network = null, channel = null }) => ({
      ...{ name, type, network, channel },
    })),
    warnings,
  };
}

function tell({ file, connectors, warnings }: Report, stdout: Output): void {
  const { style } = stdout;
  for (const { name, type, network, channel } of connectors) {
    const what = name === undefined ? type : `${name} (${type})`;
    const sizes = channel
      ? `, channel of ${describeChannelSizes(channel)}, up to ${formatBytes(channelBytes(channel))}`
      : "";
    stdout.line(`${what}: network ${networkText(network, style)}${sizes}`);
  }
  const noted = warnings.length === 0 ? "" : `, with ${plural(warnings.length, "warning")}`;
  stdout.line(`${file} can be used${noted}`);
}
