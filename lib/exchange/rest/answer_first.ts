/**
 * Answers before messages.
 *
 * @module
 */

import type { Outbox } from "../ws/outbox.ts";
import type { Endpoint, Endpoints } from "./router.ts";

/** Endpoints that hold messages back until what caused them is answered. */
export function answerFirst(endpoints: Endpoints, outbox: Outbox): Endpoints {
  const holding = ({ handle, ...endpoint }: Endpoint): Endpoint => ({
    ...endpoint,
    handle(params) {
      outbox.hold();
      try {
        return handle(params);
      } finally {
        outbox.release();
      }
    },
  });
  return Object.fromEntries(
    Object.entries(endpoints).map(([name, endpoint]) => [name, holding(endpoint)]),
  );
}
