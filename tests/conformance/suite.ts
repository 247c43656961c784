/** One suite of behaviours for every bot. */

import { CONNECTION_BEHAVIOURS } from "./connection_behaviours.ts";
import { type Subject, withDriver } from "./driver.ts";
import { ERROR_BEHAVIOURS } from "./error_behaviours.ts";
import { MARKET_BEHAVIOURS } from "./market_behaviours.ts";
import { ORDER_BEHAVIOURS } from "./order_behaviours.ts";

export type { Subject } from "./driver.ts";

/** How the suite is run. */
export interface SuiteOptions {
  /** What the tests may do. */
  readonly permissions?: Deno.PermissionOptions;
  /** Why the suite cannot run here, which is printed; undefined if it can. */
  readonly skip?: string;
}

/**
 * Registers a test that takes a kind of bot through every behaviour, each on a bot of
 * its own.
 *
 * @param name What kind of bot it is.
 * @param make Makes a bot with a moving market. It is closed after its behaviour, then
 * the subject is disposed of.
 * @param options How the suite is run.
 */
export function describeLiveBot(
  name: string,
  make: () => Subject | Promise<Subject>,
  options: SuiteOptions = {},
): void {
  const { permissions = "inherit", skip } = options;
  if (skip !== undefined) console.warn(`skipped: ${name}: ${skip}`);
  Deno.test({
    name: `conformance: ${name}`,
    permissions,
    ignore: skip !== undefined,
    async fn(t) {
      const behaviours = {
        ...MARKET_BEHAVIOURS,
        ...ORDER_BEHAVIOURS,
        ...ERROR_BEHAVIOURS,
        ...CONNECTION_BEHAVIOURS,
      };
      for (const [what, behaviour] of Object.entries(behaviours)) {
        await t.step(what, () => withDriver(make, behaviour));
      }
    },
  });
}
