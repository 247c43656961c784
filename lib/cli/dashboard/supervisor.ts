/**
 * The supervisor whose connectors a page shows.
 *
 * @module
 */

import type { Needs } from "../command.ts";
import { type CONTROL_FLAGS, CONTROL_WHY, controlPermissions } from "../connector/control.ts";

/** The flag that asks for it. */
export const SUPERVISOR_FLAGS = {
  supervisor: {
    kind: "switch",
    description: "Show the connectors of the supervisor that runs, and what they print",
  },
} as const;

/** The permissions of `--supervisor`. */
export const supervisorNeeds: Needs<typeof SUPERVISOR_FLAGS & typeof CONTROL_FLAGS> = {
  when: "--supervisor",
  applies: ({ supervisor }) => supervisor,
  permissions: ({ socket }) => controlPermissions(socket),
  why: CONTROL_WHY,
  set: "connector",
};
