/**
 * Where an error was thrown.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

/** Frames of this library, which are not where a strategy went wrong. */
const LIBRARY = new URL("../", import.meta.url).href;

/**
 * The place in a strategy's code where an error was thrown: the innermost frame that is not
 * this library's own.
 *
 * @param error What was thrown.
 * @returns FILE:LINE:COLUMN; undefined if the error does not tell.
 */
export function locate(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const frames = [...(error.stack ?? "").matchAll(/(?:file|https?|jsr|data):[^\s)]*:\d+:\d+/g)]
    .map(([frame]) => frame);
  const own = frames.find((frame) => !frame.startsWith(LIBRARY));
  return own === undefined ? undefined : readable(own);
}

/** A frame as a terminal can open it: a path instead of a file's URL. */
function readable(frame: string): string {
  const [, url = frame, position = ""] = /^(.*?)((?::\d+){2})$/.exec(frame) ?? [];
  try {
    return url.startsWith("file:") ? fromFileUrl(url) + position : frame;
  } catch {
    return frame;
  }
}
