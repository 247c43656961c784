/**
 * Prometheus' own checker.
 *
 * @module
 */

import { programMissing } from "../support/programs.ts";

/** The program, or why there is none. */
export async function findPromtool(): Promise<{ program?: string; missing?: string }> {
  if (await programMissing("promtool") === undefined) return { program: "promtool" };
  return { missing: "promtool is not installed (apt-get install prometheus)" };
}

/** Runs it, and gives its exit code and all it printed. */
export async function promtool(
  program: string,
  args: readonly string[],
  input = "",
): Promise<{ code: number; output: string }> {
  const child = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ code, stdout, stderr }] = await Promise.all([
    child.output(),
    new Blob([input]).stream().pipeTo(child.stdin),
  ]);
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
