/**
 * Reading Prometheus' text format.
 *
 * @module
 */

/** The lines with values. */
export function samplesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** The value of the line that begins with a name and its labels; undefined if there is none. */
export function sampleOf(text: string, name: string): number | undefined {
  const line = samplesOf(text).find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}
