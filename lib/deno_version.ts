/**
 * Which versions of Deno this package is made for.
 *
 * @module
 */

/**
 * The first that loads the dashboard's page, whose files are text imports. Before 2.6, moreover, a
 * turn of the event loop takes a millisecond, and so does a client to see an event.
 */
export const MIN_DENO = "2.8";

/** Whether a version, such as "2.7.14", is older than {@linkcode MIN_DENO}. */
export function isOldDeno(version: string = Deno.version.deno): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [minMajor = 0, minMinor = 0] = MIN_DENO.split(".").map(Number);
  return major < minMajor || (major === minMajor && minor < minMinor);
}
