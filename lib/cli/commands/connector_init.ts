/**
 * `cli.ts connector init`: writes a first configuration.
 *
 * @module
 */

import { writeConfigTemplate } from "../../connector/config/template.ts";
import { CONNECTOR_TYPES } from "../../connector/config/types.ts";
import { writeSettingsTemplate } from "../../connector/supervisor/settings_template.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { connectorType, requireArguments } from "../connector/arguments.ts";
import { ExitCode } from "../exit.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { writeJson } from "../output.ts";

const NAME = "connector init";

/** The word that stands for a file of connectors. */
const CONNECTORS = "connectors";

/** The connector init command. */
export const connectorInit: AnyDeclaration = defineCommand({
  usage: ["TYPE [FILE] [--json]", `${CONNECTORS} [FILE] [--json]`],
  details: [
    "TYPE is binancefutures, binancespot or bybit; FILE is TYPE.toml unless it is given. Only its " +
    "owner can read it. A file that exists is never touched.",
    `The word ${CONNECTORS} writes a file of connectors for connector up.`,
  ],
  flags: JSON_FLAG,
  args: [{ name: "TYPE", words: [...CONNECTOR_TYPES, CONNECTORS] }, { name: "FILE" }],
  validate: (_flags, args) => {
    requireArguments(NAME, ["TYPE"], args);
    if (args[0] !== CONNECTORS) connectorType(args[0] ?? "");
  },
  needs: [{
    when: "always",
    permissions: (_flags, args) =>
      args.length === 0 ? [{ name: "write" }] : [{ name: "write", path: fileOf(args) }],
    why: { write: "the file that it makes" },
    set: "connector",
  }],
  examples: [
    { args: "binancefutures", description: "Write binancefutures.toml", permissions: "connector" },
    { args: CONNECTORS, description: "Write connectors.toml", permissions: "connector" },
  ],
  async run({ flags, stdout, stderr }, args) {
    const path = fileOf(args);
    const [type = ""] = args;
    if (type === CONNECTORS) await writeSettingsTemplate(path);
    else await writeConfigTemplate(connectorType(type), path);
    if (flags.json) writeJson(stdout, { path });
    else stdout.line(path);
    const check = type === CONNECTORS ? path : `--type ${type} ${path}`;
    if (!flags.quiet) stderr.line(`Edit it, then check it with: connector validate ${check}`);
    return ExitCode.Done;
  },
});

function fileOf([type, file]: readonly string[]): string {
  return file ?? `${type}.toml`;
}
