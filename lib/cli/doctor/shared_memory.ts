/**
 * Check of the room for shared memory, which a connector's channel lives in.
 *
 * @module
 */

import { statfsSync } from "node:fs";
import { formatBytes } from "../../format.ts";
import { channelBytes, type ChannelSizes } from "../../model/channel_sizes.ts";
import type { CheckResult } from "./check.ts";

/** Where Linux keeps shared memory. */
export const SHARED_MEMORY_DIR = "/dev/shm";

const NAME = "Shared memory";

/** Whether there is room for one more connector's channel of these sizes. */
export function checkSharedMemory(sizes: ChannelSizes): CheckResult {
  if (Deno.build.os !== "linux") {
    const seen = `not limited by a file system on ${Deno.build.os}`;
    return { name: NAME, status: "ok", seen };
  }
  const { bavail, blocks, bsize } = statfsSync(SHARED_MEMORY_DIR);
  return judgeSharedMemory(bavail * bsize, blocks * bsize, sizes);
}

/**
 * Judges the room that was found.
 *
 * @param free Bytes that are free.
 * @param total Bytes in all.
 * @param sizes Sizes of the channel that is to fit.
 */
export function judgeSharedMemory(free: number, total: number, sizes: ChannelSizes): CheckResult {
  const needed = channelBytes(sizes);
  const seen = `${SHARED_MEMORY_DIR}: ${formatBytes(free)} of ${formatBytes(total)} free, ` +
    `a connector's channel takes up to ${formatBytes(needed)}`;
  if (free >= needed) return { name: NAME, status: "ok", seen };
  return {
    name: NAME,
    status: "warning",
    seen,
    advice: "Enlarge it (docker run --shm-size=2g), or make channels smaller: buffer_size and " +
      "max_bots of [channel] in connectors.toml, or of the file that HFTBACKTEST_CHANNEL_CONFIG " +
      "names. max_bots = 19 is all that iceoryx2 admits by default, and takes a tenth",
  };
}
