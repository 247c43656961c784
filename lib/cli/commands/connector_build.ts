/**
 * `cli.ts connector build`: builds the connector from hftbacktest's source.
 *
 * @module
 */

import { buildConnector } from "../../connector/build.ts";
import { ConnectorBuildError } from "../../connector/errors.ts";
import { findProjectRoot } from "../../connector/project_root.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { BuildProgressLine } from "../connector/build_progress.ts";
import { ExitCode } from "../exit.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { writeJson } from "../output.ts";

/** The connector build command. */
export const connectorBuild: AnyDeclaration = defineCommand({
  usage: ["[--project-root DIRECTORY] [--feature NAME]... [--json]"],
  details: [
    "The source is looked for from the working directory upwards, then where HFTBACKTEST_ROOT " +
    "says. Cargo builds only what has changed. Stdout gets the path of the program.",
  ],
  flags: {
    "project-root": {
      kind: "text",
      placeholder: "DIRECTORY",
      description: "hftbacktest's source, instead of looking for it",
    },
    feature: {
      kind: "text",
      placeholder: "NAME",
      repeatable: true,
      description: "Cargo feature to turn on beside the default ones",
    },
    ...JSON_FLAG,
  },
  needs: [{
    when: "always",
    permissions: ({ "project-root": root }) => [
      ...root === undefined
        ? [
          { name: "read" } as const,
          { name: "env", variable: "HFTBACKTEST_ROOT" } as const,
        ]
        : [{ name: "read", path: root } as const],
      { name: "run", command: "cargo" },
    ],
    why: {
      read: "hftbacktest's source, and what cargo made of it",
      env: "where the source is, if it is not above the working directory",
      run: "the compiler, which runs with all rights of its user",
    },
    set: "connector",
  }],
  options: { buildFeatures: "--feature" },
  environment: ["HFTBACKTEST_ROOT", "CARGO_TARGET_DIR"],
  examples: [{ args: "", description: "Build the connector", permissions: "connector" }],
  async run({ flags, stdout, stderr, signal }) {
    const start = performance.now();
    const { "project-root": projectRoot, feature: features } = flags;
    const root = await findProjectRoot(projectRoot === undefined ? {} : { projectRoot });
    using progress = new BuildProgressLine(flags.quiet ? undefined : stderr, "Waiting for cargo");
    try {
      const path = await buildConnector({
        projectRoot: root.path,
        features,
        signal,
        onProgress: (state) => progress.update(state),
      });
      const elapsedS = (performance.now() - start) / 1_000;
      if (flags.json) writeJson(stdout, { path, projectRoot: root.path, elapsedS });
      else stdout.line(path);
      return ExitCode.Done;
    } catch (error) {
      if (error instanceof ConnectorBuildError) {
        stderr.line((error.firstError || error.outputTail.join("\n")).trimEnd());
      }
      throw error;
    }
  },
});
