/**
 * A connector that sends as fast as a stall is measured by, and a bot that knows how far it was behind.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  type ChannelSizes,
  DEFAULT_CHANNEL_SIZES,
  type EventBatch,
  NativeBot,
} from "@hftlive/hftlive";
import { formatChannelConfig } from "../../lib/connector/channel/channel_config.ts";
import { type SimConnector, startSimConnector } from "./sim_connector.ts";
import { TempDirectory } from "./temp_directory.ts";

/** Events a second that the market makes. */
const RATE = 100_000;
/** Events a second that the connector never exceeds, also when it was held up. */
const MOST = 120_000;
/** Share of the time to fill a channel that is left to the inaccuracy of clocks. */
const TOLERANCE = 0.05;
const PATIENCE_MS = 60_000;

/** Options of {@linkcode startFlood}. */
export interface FloodOptions {
  /** Events in all, the opening book's included. */
  readonly events: number;
  /** Whether each change of the book stands between marks, which are messages too. @default false */
  readonly marks?: boolean;
  /** Sizes of the channel. @default the engine's own */
  readonly channel?: ChannelSizes;
}

/** A connector at {@linkcode RATE}, from the first registration on. */
export class Flood implements AsyncDisposable {
  /** The connector. */
  readonly sim: SimConnector;
  /** Time in which an empty channel cannot overflow, ms. */
  readonly reserveMs: number;
  readonly #directory: TempDirectory;
  readonly #channel: ChannelSizes | undefined;

  constructor(sim: SimConnector, directory: TempDirectory, options: FloodOptions) {
    const { channel, marks = false } = options;
    this.sim = sim;
    this.#directory = directory;
    this.#channel = channel;
    const { bufferSize } = channel ?? DEFAULT_CHANNEL_SIZES;
    // A change of one level between two marks is three messages, and no other has more for an event.
    this.reserveMs = bufferSize / (MOST * (marks ? 3 : 1)) * 1_000 * (1 - TOLERANCE);
  }

  /** A bot on it. */
  bot(): FloodedBot {
    return new FloodedBot({
      instruments: [{
        connector: this.sim.name,
        ...{ symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 },
      }],
      channel: this.#channel,
    });
  }

  /** Waits until the market has ended and the bot has read all of it, and its book; others poll the bot. */
  async drained(bot: FloodedBot): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    let endedAt: number | undefined;
    while (endedAt === undefined || bot.emptyAt <= endedAt || !bot.connection(0).registered) {
      assert(this.sim.running && performance.now() < deadline, `no end:\n${this.sim.output}`);
      if (this.sim.output.includes("The source has ended")) endedAt ??= performance.now();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Ends the connector; returns the market events that it has sent. */
  async sent(): Promise<number> {
    await this.sim.stop();
    const [, events] = /The connector ends\. events=(\d+)/.exec(this.sim.output) ?? [];
    assert(events !== undefined, this.sim.output);
    return Number(events);
  }

  /** Ends the connector. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.sim.stop();
    await this.#directory[Symbol.asyncDispose]();
  }
}

/** Starts a connector that sends at {@linkcode RATE}. */
export async function startFlood(options: FloodOptions): Promise<Flood> {
  const { events, marks = false, channel } = options;
  const directory = await TempDirectory.create();
  try {
    const env = channel && {
      HFTBACKTEST_CHANNEL_CONFIG: await directory.write("c.toml", formatChannelConfig(channel)),
    };
    const sim = await startSimConnector({
      config: {
        source: { kind: "synthetic", rate: RATE, events, batches: marks },
        publish: { pace: MOST, idle: "busy" },
      },
      ...env && { env },
    });
    return new Flood(sim, directory, options);
  } catch (error) {
    await directory[Symbol.asyncDispose]();
    throw error;
  }
}

/** A bot that notes for how long it has not seen its channel empty. */
export class FloodedBot extends NativeBot {
  /** Longest time in which the channel may not have been empty, ms. */
  longestBehindMs = 0;
  #emptyAt = performance.now();

  /** When a poll began that then found the channel empty. */
  get emptyAt(): number {
    return this.#emptyAt;
  }

  override poll(batch: EventBatch): number {
    const start = performance.now();
    const count = super.poll(batch);
    this.longestBehindMs = Math.max(this.longestBehindMs, performance.now() - this.#emptyAt);
    if (!batch.more) this.#emptyAt = start;
    return count;
  }
}

/**
 * Checks that nothing was lost; or, where the machine has held the reader up for so long that the channel
 * may have overflowed, that nothing was lost without being told.
 *
 * @returns Whether the machine has let the reader be as fast as it is.
 */
export function assertLossless(
  flood: Flood,
  bot: FloodedBot,
  counts: { readonly received: number; readonly sent: number },
): boolean {
  const { received, sent } = counts;
  const { overflows, dropped, malformed } = bot.connection(0);
  assertEquals({ dropped, malformed }, { dropped: 0, malformed: 0 });
  if (overflows === 0) assertEquals(received, sent);
  else {
    const behind = `${bot.longestBehindMs} of ${flood.reserveMs} ms behind, ${received} of ${sent}`;
    assert(bot.longestBehindMs >= flood.reserveMs, behind);
  }
  return overflows === 0;
}

/** Uses the processor for a time, as a slow handler or a collection of garbage does. */
export function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}
