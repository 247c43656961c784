/**
 * Runs `denow`, so that programs find `@std` as the tests themselves do.
 *
 * @module
 */

/** The root of the checkout. */
export const ROOT: string = Deno.realPathSync(`${import.meta.dirname}/../..`);

/** How a program ended, and what it wrote. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `denow` with some arguments, in a folder. */
export async function runDenow(args: readonly string[], cwd: string = ROOT): Promise<Result> {
  const { code, stdout, stderr } = await new Deno.Command(`${ROOT}/denow`, {
    args: [...args],
    cwd,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
