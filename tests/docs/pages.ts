/**
 * The pages of the documentation.
 *
 * @module
 */

import { ROOT } from "../repo/run.ts";

/** A page, by its path in the checkout. */
export interface Page {
  /** Its path, such as "docs/abi.md". */
  readonly path: string;
  /** What stands in it. */
  readonly text: string;
}

/** All pages: those of the root, then those of docs/ by name. */
export const PAGES: readonly Page[] = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md"],
  ...[...Deno.readDirSync(`${ROOT}/docs`)]
    .map(({ name }) => `docs/${name}`)
    .filter((path) => path.endsWith(".md"))
    .sort(),
].map((path) => ({ path, text: Deno.readTextFileSync(`${ROOT}/${path}`) }));
