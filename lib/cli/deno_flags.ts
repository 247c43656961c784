/**
 * Flags of Deno that were given to this program.
 *
 * @module
 */

import { wrongSet } from "./permission_sets.ts";
import { PROGRAM } from "./program.ts";

/** Flags of Deno that say what a program may do, or how it is run. */
const DENO_FLAG =
  /^(-A|-[RWNESI]|-P|--permission-set|--(allow|deny|ignore)-\w+|--(no-)?(prompt|lock|remote|npm|check)|--import-map|--config|--unstable[\w-]*)(=.*)?$/s;

/**
 * What to tell about a flag that is Deno's own, and stands behind the program instead of before it.
 *
 * @param arg The flag as it was typed.
 * @returns The advice; undefined if the flag is none of Deno's.
 */
export function denoFlagAdvice(arg: string): string | undefined {
  if (!DENO_FLAG.test(arg)) return undefined;
  if (Deno.build.standalone) return "a compiled program has its permissions built in";
  const [, set] = /^(?:-P|--permission-set)=(.*)$/s.exec(arg) ?? [];
  const wrong = set === undefined ? undefined : wrongSet(set);
  return wrong ?? `flags of deno come before the program: deno run ${arg} ${PROGRAM} ...`;
}
