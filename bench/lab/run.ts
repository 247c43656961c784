/**
 * One measurement: a stand-in for a connector, and bots, each a process, on a channel of their own.
 *
 * @module
 */

import type { OrderReport, ReaderReport } from "./figures.ts";
import { cores, Program } from "./program.ts";
import { BENCH, type Subject } from "./subjects.ts";

/** What is published to a reader. */
export interface Load {
  /** Name in tables. */
  readonly name: string;
  /** Events in all. */
  readonly events: number;
  /** Events a second, `flat` for as fast as possible, or `burst:SIZE:PAUSE_MS`. */
  readonly pace: string;
  /** Instruments that take turns. */
  readonly instruments: number;
  /** Bots that read, all of them the same program. */
  readonly bots: number;
}

/** What one reader made of a load. */
export interface Run extends ReaderReport {
  /** Events published. */
  readonly published: number;
  /** Events published that the reader did not handle. */
  readonly lost: number;
}

/** What one trader's orders took. */
export interface OrderRun {
  /** From submit to the connector's receipt. */
  readonly submit: OrderReport;
  /** From submit to the answer in the bot's hands. */
  readonly roundTrip: OrderReport;
}

/** Orders that do not count: V8 compiles what they run. */
const WARM_UP_ORDERS = 3_000;

const pinned = await cores();

/**
 * Publishes a load to readers of a kind.
 *
 * @param reader Their program.
 * @param load What to publish.
 * @returns What each of them measured.
 */
export async function runReaders(reader: Subject, load: Load): Promise<Run[]> {
  const { events, pace, instruments, bots } = load;
  const channel = uniqueName();
  const args = [events, pace, instruments, bots].map(String);
  await using publisher = new Program(
    "publisher",
    [BENCH, "publish", channel, ...args],
    { core: pinned.connector },
  );
  await publisher.line();
  await using stack = new AsyncDisposableStack();
  const command = [...reader.command, channel, `${instruments}`];
  // Bots that spin would starve one another on one core.
  const core = bots === 1 ? pinned.bot : undefined;
  const readers = Array.from(
    { length: bots },
    () => stack.use(new Program(reader.name, command, { core })),
  );
  const { published } = await publisher.line<{ published: number }>();
  const reports = await Promise.all(readers.map((each) => each.line<ReaderReport>()));
  return reports.map((report) => ({ ...report, published, lost: published - report.received }));
}

/**
 * Lets a trader send orders, one after the other.
 *
 * @param trader Its program.
 * @param orders How many count; some more come before them.
 * @returns What both ends measured.
 */
export async function runTrader(trader: Subject, orders: number): Promise<OrderRun> {
  const channel = uniqueName();
  const counts = [`${orders}`, `${WARM_UP_ORDERS}`];
  await using connector = new Program(
    "connector",
    [BENCH, "answer", channel, ...counts],
    { core: pinned.connector },
  );
  await connector.line();
  await using bot = new Program(
    trader.name,
    [...trader.command, channel, ...counts],
    { core: pinned.bot },
  );
  const submit = await connector.line<OrderReport>();
  return { submit, roundTrip: await bot.line<OrderReport>() };
}

function uniqueName(): string {
  return `bench-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
}
