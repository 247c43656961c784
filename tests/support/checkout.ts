/**
 * Paths in this checkout, wherever it lies.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

const ROOT = new URL("../../", import.meta.url);

/**
 * Makes a file path from a path in the checkout; a folder's name may have spaces.
 *
 * @param path A path relative to the checkout, such as "native/target/release/sim-connector".
 * @returns The absolute path.
 */
export function inCheckout(path: string): string {
  return fromFileUrl(new URL(path, ROOT));
}
