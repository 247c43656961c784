/**
 * Reaching a running supervisor from a command.
 *
 * @module
 */

import { dirname } from "@std/path";
import { ControlClient } from "../../connector/supervisor/control_client.ts";
import {
  controlSocketIn,
  controlSocketPermissions,
  usualControlSockets,
} from "../../connector/supervisor/control_socket.ts";
import { isGranted } from "../../permissions.ts";
import { aborted } from "../aborted.ts";
import { placePermissions, privatePlace } from "./place.ts";

/** The flags of commands that talk to a supervisor. */
export const CONTROL_FLAGS = {
  socket: {
    kind: "text",
    placeholder: "FILE",
    description: "The supervisor's control socket, if its file of connectors names one",
  },
} as const;

/** The file by which they reach it, for their help texts. */
export const CONTROL_FILES: readonly (readonly [string, string])[] = [
  ["$XDG_RUNTIME_DIR/hftlive/control.sock", "The socket; else TMPDIR/hftlive-UID/control.sock"],
];

/** What the permissions to reach a supervisor are for. */
export const CONTROL_WHY = {
  env: "where the supervisor's socket is",
  sys: "whose socket it is, if no variable tells the place",
  read: "the socket",
  write: "the socket",
  net: "the socket, which Deno counts to the network as well",
} as const;

/**
 * The permissions of a command that talks to a supervisor.
 *
 * @param socket The control socket that the user named, if any.
 * @returns The permissions.
 */
export function controlPermissions(socket: string | undefined): Deno.PermissionDescriptor[] {
  if (socket !== undefined) return controlSocketPermissions(socket);
  const place = privatePlace();
  // Where the place cannot be known yet, no narrower permission can be named.
  const sockets = place === undefined
    ? [{ name: "read" } as const, { name: "write" } as const, { name: "net" } as const]
    : socketsIn(place).flatMap(controlSocketPermissions);
  return [...placePermissions(), ...sockets];
}

/** The control sockets to look at: up to the first that may be there, for all that is known yet. */
function socketsIn(place: string): string[] {
  const usual = [...new Set([controlSocketIn(place), ...usualControlSockets()])];
  const first = usual.findIndex((path) =>
    !isGranted({ name: "read", path: dirname(path) }) || isThere(path)
  );
  return first < 0 ? usual : usual.slice(0, first + 1);
}

/**
 * A client for the supervisor that a command is about.
 *
 * @param socket The control socket that the user named, if any.
 * @returns A client for the socket that was named, else for the usual one that is there.
 */
export function controlClient(socket: string | undefined): ControlClient {
  if (socket !== undefined) return new ControlClient(socket);
  const usual = usualControlSockets();
  return new ControlClient(usual.find(isThere) ?? usual[0] ?? "");
}

/**
 * Waits for a supervisor's answer, for as long as the user does.
 *
 * @param answer The answer.
 * @param signal Ends the wait; what was asked for may still happen.
 * @returns The answer.
 * @throws The signal's reason, when it is aborted first.
 */
export async function answerOf<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const end = aborted(signal).then(() => {
    throw signal.reason;
  });
  return await Promise.race([answer, end]);
}

function isThere(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSocket === true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
