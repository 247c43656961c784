/**
 * Stand-in for the parts of `@std/path` in use, on `node:path` and `node:url`.
 *
 * @module
 */

import nodePath from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The platform's path separator. */
export const SEPARATOR: "/" | "\\" = nodePath.sep;

/** The platform's delimiter between the folders of `PATH`. */
export const DELIMITER: ";" | ":" = nodePath.delimiter;

/** The last part of a path, without `suffix` when it ends with it. */
export function basename(path: string, suffix = ""): string {
  return nodePath.basename(path, suffix);
}

/** The folder part of a path. */
export function dirname(path: string): string {
  return nodePath.dirname(path);
}

/** The extension of a path, with its dot; empty when there is none. */
export function extname(path: string): string {
  return nodePath.extname(path);
}

/** Whether a path is absolute. */
export function isAbsolute(path: string): boolean {
  return nodePath.isAbsolute(path);
}

/** Joins the parts of a path and normalises the result. */
export function join(path: string | URL, ...paths: string[]): string {
  return nodePath.join(toPath(path), ...paths);
}

/** Resolves `.`, `..` and repeated separators. */
export function normalize(path: string | URL): string {
  return nodePath.normalize(toPath(path));
}

/** The path that leads from `from` to `to`. */
export function relative(from: string, to: string): string {
  return nodePath.relative(from, to);
}

/** Resolves parts, from right to left, to an absolute path. */
export function resolve(...paths: string[]): string {
  return nodePath.resolve(...paths);
}

/** The path that a `file:` URL names. */
export function fromFileUrl(url: string | URL): string {
  const parsed = new URL(url);
  if (parsed.protocol !== "file:") {
    throw new TypeError(`URL must be a file URL: received "${parsed.protocol}"`);
  }
  return fileURLToPath(parsed);
}

/** The `file:` URL of an absolute path. */
export function toFileUrl(path: string): URL {
  if (!nodePath.isAbsolute(path)) {
    throw new TypeError(`Path must be absolute: received "${path}"`);
  }
  return pathToFileURL(path);
}

function toPath(path: string | URL): string {
  return path instanceof URL ? fromFileUrl(path) : path;
}
