/**
 * Programs that tests need and a machine may lack.
 *
 * @module
 */

/**
 * Tells why a program cannot run.
 *
 * @param program Its name or path; it knows `--version`.
 * @returns Why, or undefined when it runs.
 */
export async function programMissing(program: string): Promise<string | undefined> {
  try {
    const { success } = await new Deno.Command(program, {
      args: ["--version"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success ? undefined : `${program} --version fails`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
