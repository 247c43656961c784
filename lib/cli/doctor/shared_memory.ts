/**
 * Check of the room for shared memory, which a connector's channel lives in.
 *
 * @module
 */

import { statfsSync } from "node:fs";
import { formatBytes } from "../../format.ts";
import type { ChannelSize } from "./channel_config.ts";
import type { CheckResult } from "./check.ts";

/** Where Linux keeps shared memory. */
export const SHARED_MEMORY_DIR = "/dev/shm";

const NAME = "Shared memory";
/** Payload, headers and bookkeeping of one message. */
const BYTES_PER_MESSAGE = 600;

/** Whether there is room for one more connector's channel of this size. */
export function checkSharedMemory(size: ChannelSize): CheckResult {
  if (Deno.build.os !== "linux") {
    const seen = `not limited by a file system on ${Deno.build.os}`;
    return { name: NAME, status: "ok", seen };
  }
  const { bavail, blocks, bsize } = statfsSync(SHARED_MEMORY_DIR);
  return judgeSharedMemory(bavail * bsize, blocks * bsize, size);
}

/**
 * Judges the room that was found.
 *
 * @param free Bytes that are free.
 * @param total Bytes in all.
 * @param size Size of the channel that is to fit.
 */
export function judgeSharedMemory(free: number, total: number, size: ChannelSize): CheckResult {
  const needed = size.bufferSize * size.maxBots * BYTES_PER_MESSAGE;
  const seen = `${SHARED_MEMORY_DIR}: ${formatBytes(free)} of ${formatBytes(total)} free, ` +
    `a connector's channel takes about ${formatBytes(needed)}`;
  if (free >= needed) return { name: NAME, status: "ok", seen };
  return {
    name: NAME,
    status: "warning",
    seen,
    advice: "Enlarge it (docker run --shm-size=2g), or make channels smaller with " +
      "buffer_size and max_bots in the file that HFTBACKTEST_CHANNEL_CONFIG names, " +
      "the same for the connector and every bot",
  };
}
