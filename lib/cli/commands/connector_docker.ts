/**
 * `cli.ts connector docker`: writes a Dockerfile and a compose file.
 *
 * @module
 */

import { join } from "@std/path";
import { CONNECTOR_TYPES } from "../../connector/config/types.ts";
import { composeFile, dockerfile } from "../../connector/deploy/mod.ts";
import { writeNewFile } from "../../connector/new_file.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { connectorType } from "../connector/arguments.ts";
import { namedValues } from "../connector/pairs.ts";
import { ExitCode, UsageError } from "../exit.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { writeJson } from "../output.ts";

const NAME = "connector docker";
const CONFIG_DIRECTORY = "/etc/hftlive";
const MEBIBYTE = 1024 ** 2;

/** The connector docker command. */
export const connectorDocker: AnyDeclaration = defineCommand({
  usage: [
    "--ref COMMIT [DIRECTORY] [--type TYPE]... [--secret-file NAME=FILE]... [--bot-image IMAGE] " +
    "[--json]",
  ],
  details: [
    "Writes DIRECTORY/Dockerfile and DIRECTORY/compose.yaml, unless they exist. The image builds " +
    "the connector from hftbacktest's source at COMMIT, and runs connector up with " +
    "config/connectors.toml from beside the compose file.",
    'A --secret-file NAME=FILE is found by secret = "file:/run/secrets/NAME" in a configuration.',
  ],
  flags: {
    ref: {
      kind: "text",
      placeholder: "COMMIT",
      description: "Commit, tag or branch of hftbacktest to build the connector from",
    },
    type: {
      kind: "text",
      placeholder: "TYPE",
      words: CONNECTOR_TYPES,
      repeatable: true,
      description: "Exchange to build the connector for (default: all)",
    },
    "secret-file": {
      kind: "text",
      placeholder: "NAME=FILE",
      repeatable: true,
      description: "File with a secret",
    },
    env: {
      kind: "text",
      placeholder: "NAME=VALUE",
      repeatable: true,
      description: "Environment variable of the connectors; no secrets",
    },
    "shm-size": {
      kind: "number",
      placeholder: "MIB",
      integer: true,
      min: 64,
      max: 1_048_576,
      default: 2048,
      description: "Shared memory for all channels, in MiB",
    },
    "bot-image": {
      kind: "text",
      placeholder: "IMAGE",
      description: "A bot to run beside the connectors",
    },
    ...JSON_FLAG,
  },
  args: [{ name: "DIRECTORY" }],
  validate: ({ ref, type, "secret-file": secret, env }) => {
    if (ref === undefined) throw new UsageError(`Missing flag: ${NAME} needs --ref COMMIT`);
    type.forEach((text) => connectorType(text));
    namedValues("--secret-file", secret);
    namedValues("--env", env);
  },
  needs: [{
    when: "always",
    permissions: (_flags, [directory = "."]) => [{ name: "write", path: directory }],
    why: { write: "the two files that it makes" },
    set: "connector",
  }],
  options: {
    hftbacktestRef: "--ref",
    environment: "--env",
    secrets: "--secret-file",
    bot: "--bot-image",
  },
  files: [
    ["DIRECTORY/Dockerfile", "How the image is built"],
    ["DIRECTORY/compose.yaml", "How it is run"],
  ],
  examples: [
    {
      args: "--ref 5f3ec40 deploy --secret-file binance.key=./keys/binance",
      description: "Write both files to the directory deploy",
      permissions: "connector",
    },
  ],
  async run({ flags, stdout }, [directory = "."]) {
    const { ref = "", "bot-image": image } = flags;
    const args = ["connector", "up", "--file", `${CONFIG_DIRECTORY}/connectors.toml`];
    const types = flags.type.map((text) => connectorType(text));
    const environment = namedValues("--env", flags.env);
    const files = {
      "Dockerfile": dockerfile({
        args,
        hftbacktestRef: ref,
        features: types.length > 0 ? types : CONNECTOR_TYPES,
        configDirectory: CONFIG_DIRECTORY,
      }),
      "compose.yaml": composeFile({
        args,
        environment,
        secrets: namedValues("--secret-file", flags["secret-file"]),
        shmSizeBytes: flags["shm-size"] * MEBIBYTE,
        configTarget: CONFIG_DIRECTORY,
        ...image === undefined ? {} : { bot: { image } },
      }),
    };
    const paths = await writeAll(files, directory);
    if (flags.json) writeJson(stdout, { files: paths });
    else for (const path of paths) stdout.line(path);
    return ExitCode.Done;
  },
});

/** Writes all files, or none. */
async function writeAll(
  files: Readonly<Record<string, string>>,
  directory: string,
): Promise<string[]> {
  const written: string[] = [];
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(directory, name);
      await writeNewFile(path, text, {
        action: "Cannot write the file",
        mode: 0o644,
        makeDirectory: true,
      });
      written.push(path);
    }
    return written;
  } catch (error) {
    for (const path of written) await Deno.remove(path);
    throw error;
  }
}
