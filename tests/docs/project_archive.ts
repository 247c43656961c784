/**
 * The files of the checkout, read once and written as often as they are needed.
 *
 * @module
 */

import { ROOT } from "../repo/run.ts";

const archives = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

/**
 * Writes the files that git knows or would add into a directory, with their times, so that nothing looks newer than
 * what was built of it.
 *
 * @param directory The directory.
 * @param parts Which files, as git takes paths.
 */
export async function unpackProject(directory: string, parts: readonly string[]): Promise<void> {
  const key = parts.join("\0");
  const archive = archives.get(key) ?? packProject(parts);
  archives.set(key, archive);
  await run("tar", ["-xf", "-", "-C", directory], await archive);
}

async function packProject(parts: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const flags = ["-z", "--cached", "--others", "--exclude-standard"];
  const list = await run("git", ["ls-files", ...flags, "--", ...parts]);
  // Git still lists what was deleted.
  const paths = new TextDecoder().decode(list).split("\0").filter((path) =>
    path !== "" && isFile(`${ROOT}/${path}`)
  );
  const input = new TextEncoder().encode(paths.join("\0"));
  return await run("tar", ["-cf", "-", "--null", "-T", "-"], input);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return false;
  }
}

async function run(
  program: string,
  args: readonly string[],
  input: Uint8Array<ArrayBuffer> = new Uint8Array(),
): Promise<Uint8Array<ArrayBuffer>> {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ success, stdout, stderr }] = await Promise.all([
    child.output(),
    new Blob([input]).stream().pipeTo(child.stdin),
  ]);
  if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
  return stdout;
}
