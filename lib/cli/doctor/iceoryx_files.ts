/**
 * Check of the files that iceoryx2 keeps for each process that uses it. A process
 * that was killed leaves its own behind; the next one to start clears them up.
 *
 * @module
 */

import process from "node:process";
import { formatBytes, plural } from "../../format.ts";
import type { CheckResult } from "./check.ts";
import { SHARED_MEMORY_DIR } from "./shared_memory.ts";

const NAME = "iceoryx2 files";
const NODE_DIR = "/tmp/iceoryx2/nodes";

/** A process that iceoryx2 has files of. */
export interface IceoryxProcess {
  /** Its process id. */
  readonly pid: number;
  /** Whether it still lives. */
  readonly alive: boolean;
}

/** Whether files of dead processes lie around. */
export function checkIceoryxFiles(): CheckResult {
  const processes = iceoryxProcesses(names(NODE_DIR), isAlive);
  const { count, bytes } = sharedMemoryInUse();
  return judgeIceoryxFiles(processes, { count, bytes });
}

/**
 * The processes that iceoryx2 nodes belong to.
 *
 * @param files Names of the files in the node directory.
 * @param isAlive Tells whether a process lives.
 * @returns One entry a process.
 */
export function iceoryxProcesses(
  files: readonly string[],
  isAlive: (pid: number) => boolean,
): IceoryxProcess[] {
  const pids = new Set(files.flatMap((file) => {
    const id = /^iox2_(\d+)\.node_monitor$/.exec(file)?.[1];
    // A node's id is a 128-bit number whose low 32 bits are its process id.
    return id === undefined ? [] : [Number(BigInt(id) & 0xffff_ffffn)];
  }));
  return [...pids].map((pid) => ({ pid, alive: isAlive(pid) }));
}

/**
 * Judges what was found.
 *
 * @param processes The processes that have files.
 * @param memory How many shared memory files there are, and their size.
 */
export function judgeIceoryxFiles(
  processes: readonly IceoryxProcess[],
  memory: { readonly count: number; readonly bytes: number },
): CheckResult {
  const dead = processes.filter(({ alive }) => !alive).map(({ pid }) => pid);
  const living = processes.length - dead.length;
  const processCount = plural(living, "living process", "living processes");
  const files = `${plural(memory.count, "shared memory file")} (${formatBytes(memory.bytes)})`;
  if (dead.length > 0) {
    return {
      name: NAME,
      status: "warning",
      seen: `${processCount}, ${files}; ` +
        `left behind by dead: ${dead.join(", ")}`,
      advice: "The next connector or bot to start clears them up. If a parent has not awaited " +
        "its dead child (a zombie), end the parent first",
    };
  }
  if (living === 0 && memory.count > 0) {
    return {
      name: NAME,
      status: "warning",
      seen: `no process, yet ${files}`,
      advice: `Nothing clears these up any more: remove ${SHARED_MEMORY_DIR}/iox2_* by hand`,
    };
  }
  return { name: NAME, status: "ok", seen: `${processCount}, ${files}` };
}

/** Whether a process lives; on Linux a zombie, dead but not awaited, does not. */
function isAlive(pid: number): boolean {
  if (Deno.build.os !== "linux") return answersSignals(pid);
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The state follows the name, which may hold any character, in parentheses.
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error) return error.code === "EPERM";
    throw error;
  }
}

function sharedMemoryInUse(): { count: number; bytes: number } {
  let count = 0;
  let bytes = 0;
  for (const name of names(SHARED_MEMORY_DIR)) {
    if (!name.startsWith("iox2_")) continue;
    try {
      const { blocks, size } = Deno.statSync(`${SHARED_MEMORY_DIR}/${name}`);
      bytes += blocks === null ? size : blocks * 512;
      count++;
    } catch (error) {
      // Another process may have cleared it up in between.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return { count, bytes };
}

function names(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
