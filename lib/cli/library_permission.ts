/**
 * The permission that loading the native library needs.
 *
 * @module
 */

import { libraryCandidates } from "../native/library_path.ts";
import { processSurroundings } from "../native/surroundings.ts";
import { isGranted } from "../permissions.ts";

const ALL: Deno.FfiPermissionDescriptor = { name: "ffi" };

/**
 * The permission that loading the native library needs: for the one place it may be loaded from
 * where such a permission was given, else for the file that the user named, else for any file.
 *
 * @param libraryPath The file that the user named, if any.
 */
export function libraryPermission(libraryPath: string | undefined): Deno.FfiPermissionDescriptor {
  if (isGranted(ALL)) return ALL;
  const places = libraryCandidates(processSurroundings(libraryPath)).map(({ path }) => ({
    name: "ffi" as const,
    path,
  }));
  return places.find(isGranted) ?? (libraryPath === undefined ? ALL : places[0]) ?? ALL;
}
