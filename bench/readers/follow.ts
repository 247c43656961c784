/**
 * Reading a client to the end of a run, either way.
 *
 * @module
 */

import type { LiveClient } from "@hftlive/hftlive";
import type { Report } from "./report.ts";

/** Holds what comes while a consumer is at work; a market event takes 64 bytes. */
const QUEUE_SIZE = 262_144;

/**
 * Counts all that a client brings.
 *
 * @param client The client.
 * @param kind `events` for objects; otherwise batches in place.
 * @param report What counts.
 */
export async function follow(
  client: LiveClient,
  kind: string | undefined,
  report: Report,
): Promise<void> {
  const { bot } = client;
  if (kind === "events") {
    for await (const event of client.events({ queueSize: QUEUE_SIZE })) {
      if (event.type !== "trade" && event.type !== "depth") continue;
      const { exchTimestamp, localTimestamp } = event;
      if (report.event(exchTimestamp, localTimestamp, bot.currentTimestamp())) break;
    }
  } else {
    for await (const batch of client.batches()) {
      if (report.add(batch, bot.currentTimestamp())) break;
    }
  }
}
