/**
 * The commands, in the order in which the help lists them; the first is the default.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { doctor } from "./commands/doctor.ts";
import { help } from "./commands/help.ts";
import { nativeBuild } from "./commands/native_build.ts";
import { nativeInfo } from "./commands/native_info.ts";
import { nativePath } from "./commands/native_path.ts";
import { watch } from "./commands/watch.ts";

/** The commands, in the order in which the help lists them; the first is the default. */
export const commands: readonly Command[] = [
  watch,
  nativeBuild,
  nativePath,
  nativeInfo,
  doctor(() => commands),
  help(() => commands),
];
