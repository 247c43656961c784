/**
 * `cli.ts doctor`: looks at everything that must be right for a live run, and says
 * what to do about what is not.
 *
 * @module
 */

import { type AnyDeclaration, defineCommand } from "../command.ts";
import { BOT_VARIABLES } from "../environment.ts";
import { loadCommands } from "../commands.ts";
import { checkCargo } from "../doctor/cargo.ts";
import { checkChannelConfig } from "../doctor/channel_config.ts";
import { type CheckResult, guarded } from "../doctor/check.ts";
import { checkIceoryxFiles } from "../doctor/iceoryx_files.ts";
import { checkChannel, checkLibrary } from "../doctor/library.ts";
import { doctorReport } from "../doctor/report.ts";
import { checkSharedMemory } from "../doctor/shared_memory.ts";
import { checkDeno, checkPermissionsGiven } from "../doctor/surroundings.ts";
import { ExitCode } from "../exit.ts";
import { DEFAULT_CHANNEL_SIZES } from "../../model/channel_sizes.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { writeJson } from "../output.ts";

/** The doctor command. */
export const doctor: AnyDeclaration = defineCommand({
  usage: ["[--connector NAME]... [--library FILE] [--json]"],
  details: [
    "Looks at Deno, its permissions, cargo, the native library and its ABI, the room for " +
    "shared memory, what dead processes have left behind, the sizes set for channels, and " +
    "whether the named connectors are attached, with channels large enough. It changes nothing.",
    "A check that lacks its permission says so and counts as not checked. Linux keeps " +
    "shared memory and processes in /dev and /proc, which Deno shows with -A only.",
  ],
  flags: {
    connector: {
      kind: "text",
      placeholder: "NAME",
      repeatable: true,
      description: "Also check that this connector is attached to its channel",
    },
    library: {
      kind: "text",
      placeholder: "FILE",
      description: "The native library to check, instead of the one that would be found",
    },
    ...JSON_FLAG,
  },
  exitCodes: {
    0: "Nothing is wrong with what could be checked",
    1: "Something is",
  },
  environment: BOT_VARIABLES,
  examples: [
    { args: "", description: "Check everything", permissions: "dev" },
    {
      args: "--connector binancefutures",
      description: "Also check that a connector is attached",
      permissions: "dev",
    },
  ],
  async run({ flags, stdout }) {
    const { connector: connectors, library } = flags;
    const { result: channelConfig, sizes: asked } = checkChannelConfig();
    const sizes = asked ?? DEFAULT_CHANNEL_SIZES;
    const checks: CheckResult[] = [
      checkDeno(),
      checkPermissionsGiven(await loadCommands()),
      await guarded("cargo", "--allow-run=cargo", () => checkCargo()),
      await guarded("Native library", "--allow-ffi", () => checkLibrary(library)),
      channelConfig,
      await guarded("Shared memory", "-A", () => checkSharedMemory(sizes)),
      await guarded("iceoryx2 files", "-A", checkIceoryxFiles),
    ];
    for (const name of connectors) {
      checks.push(
        await guarded(
          `Channel ${name}`,
          "--allow-ffi",
          () => checkChannel(name, { libraryPath: library, asked }),
        ),
      );
    }
    const ok = checks.every(({ status }) => status !== "failed");
    if (flags.json) {
      writeJson(stdout, { ok, checks });
    } else {
      stdout.write(doctorReport(checks, { ...stdout.size(), style: stdout.style }));
    }
    return ok ? ExitCode.Done : ExitCode.Failed;
  },
});
