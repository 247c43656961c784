/**
 * Which tests run together.
 *
 * @module
 */

/** Folders whose tests need no native library, so that cargo may still be building it. */
export const PURE: readonly string[] = [
  ...["bot", "denow", "matching", "model", "offline", "repo", "strategy", "stub"],
];

/** Folders whose tests take longest; each is run by itself. */
export const LONG: readonly string[] = ["cli", "connector", "docs", "native"];

/**
 * All other folders, so that none is forgotten.
 *
 * @param tests The folder that holds them.
 * @returns Their names, sorted.
 */
export function otherFolders(tests: string): string[] {
  return [...Deno.readDirSync(tests)]
    .flatMap(({ name, isDirectory }) => isDirectory ? [name] : [])
    .filter((name) => ![...PURE, ...LONG].includes(name)).sort();
}
