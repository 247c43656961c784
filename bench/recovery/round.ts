/**
 * One round: a connector is killed under a client that trades, and what becomes of both.
 *
 * @module
 */

import type { OrderUpdateEvent } from "@hftlive/hftlive";
import { Ledger } from "./ledger.ts";
import type { SupervisorProcess } from "./supervisor_process.ts";

/** Longest time that anything may take, ms. */
const PATIENCE_MS = 30_000;

/** Longest time between the order that rests and the kill, ms. */
const MAX_LIFE_MS = 500;

/** Events that are compared with those of a client that was started after the recovery. */
const COMPARED_EVENTS = 500;

/** How far from the market the order rests, in quote currency. */
const DISTANCE = 500;

const QTY = 0.001;

/** Times from the kill, in ms. */
export interface RoundTimes {
  /** The client reported the loss. */
  readonly lost: number;
  /** The supervisor's new process answered the client's registration. */
  readonly registered: number;
  /** The new process's first market data came: its book. */
  readonly data: number;
  /** The client reported the recovery. */
  readonly restored: number;
  /** The client's book was the connector's, level by level. */
  readonly bookEqual: number;
  /** An update told that the order that was open is not any more; undefined if none did. */
  readonly reconciled: number | undefined;
}

/** What a round has shown. */
export interface Round extends RoundTimes {
  /** Events after the recovery that the client missed, of those compared. */
  readonly missing: number;
}

/** What a round needs. */
export interface RoundOptions {
  /** The client. */
  readonly ledger: Ledger;
  /** Whose connector is killed. */
  readonly supervisor: SupervisorProcess;
  /** Gives the connector another market for its next start, so that old levels would show. */
  readonly changeMarket: () => Promise<void>;
}

/**
 * Runs one round.
 *
 * @param options What it needs.
 * @returns What it has shown.
 * @throws {Error} Naming the first thing that did not happen.
 */
export async function runRound(options: RoundOptions): Promise<Round> {
  const { ledger, supervisor, changeMarket } = options;
  const { client } = ledger;
  const instruments = client.bot.instruments;
  const wait = async (what: string, isSo: () => boolean): Promise<void> => {
    const deadline = performance.now() + PATIENCE_MS;
    while (!isSo()) {
      if (supervisor.failure !== undefined) throw new Error(`${what}: ${supervisor.failure}`);
      if (performance.now() > deadline) {
        throw new Error(`${what}: did not happen in ${PATIENCE_MS / 1_000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };

  await wait("a connector that is ready", () => supervisor.readyPid !== undefined);
  await wait("a client that is healthy", () => client.health.healthy);
  await trade(ledger, "before the kill");
  const price = Math.round((client.snapshot().bids[0]!.price - DISTANCE) * 10) / 10;
  const resting = await client.submitOrder({ side: "buy", price, qty: QTY });
  expect(resting, "new", "an order that rests");
  await new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_LIFE_MS));

  await changeMarket();
  const pid = supervisor.readyPid;
  if (pid === undefined) throw new Error("a kill: the connector has ended by itself");
  ledger.begin();
  const { moments } = ledger;
  const killedAt = performance.now();
  Deno.kill(pid, "SIGKILL");
  await wait("the report of the loss", () => moments.lost !== undefined);
  await wait("an answer to the registration", () => moments.registered !== undefined);

  await using fresh = await Ledger.start(instruments);
  const isEqual = (): boolean => fresh.length > 0 && fresh.book() === ledger.book();
  await wait("a book that is the connector's", isEqual);
  const bookEqualAt = performance.now();
  await wait("the report of the recovery", () => moments.restored !== undefined);
  await trade(ledger, "after the recovery");
  await wait(
    `${COMPARED_EVENTS} events`,
    () => ledger.missing(fresh, COMPARED_EVENTS) !== undefined,
  );
  await wait("a book that still is the connector's", isEqual);

  const since = (moment: number | undefined): number => (moment ?? NaN) - killedAt;
  const settledAt = ledger.settledAt(resting.orderId);
  return {
    lost: since(moments.lost),
    registered: since(moments.registered),
    data: since(moments.data),
    restored: since(moments.restored),
    bookEqual: since(bookEqualAt),
    reconciled: settledAt === undefined ? undefined : since(settledAt),
    missing: ledger.missing(fresh, COMPARED_EVENTS) ?? COMPARED_EVENTS,
  };
}

/** Buys at the market: the way to the exchange and back is open. */
async function trade({ client }: Ledger, when: string): Promise<void> {
  const answer = await client.submitOrder(
    { side: "buy", orderType: "market", timeInForce: "IOC", qty: QTY },
  );
  if (answer.status !== "new") expect(answer, "filled", `a trade ${when}`);
}

function expect({ status }: OrderUpdateEvent, expected: string, what: string): void {
  if (status !== expected) throw new Error(`${what}: expected "${expected}", is "${status}"`);
}
