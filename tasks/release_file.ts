/**
 * Copies the native library that cargo made to the name that a release gives it, or back.
 *
 *     deno run -A tasks/release_file.ts [--back] TARGET FOLDER
 *
 * @module
 */

import { RELEASE_TARGETS, releaseFileName } from "../lib/native/release.ts";
import { libraryOf } from "./compile_arguments.ts";

const back = Deno.args[0] === "--back";
const [target, folder] = Deno.args.slice(back ? 1 : 0);
const known = RELEASE_TARGETS.find((one) => one === target);
if (known === undefined || folder === undefined) {
  console.error(`release_file: give TARGET FOLDER; targets are ${RELEASE_TARGETS.join(", ")}`);
  Deno.exit(2);
}
const built = libraryOf(known);
const published = `${folder}/${releaseFileName(known)}`;
const [from, to] = back ? [published, built] : [built, published];
await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
await Deno.copyFile(from, to);
