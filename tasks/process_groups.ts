/**
 * Ends a program with all that it has started.
 *
 * `deno test` and cargo end at once when they are interrupted, and leave their own children behind.
 *
 * @module
 */

/** How long processes may take to end before they are killed. */
const GRACE_MS = 3000;

/** How long the system may take to end processes that were killed. */
const KILLED_MS = 5000;

const STEP_MS = 50;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/**
 * Ends a process group, and the groups that its processes have started: asks the first one, and
 * kills what does not end in time.
 *
 * @param leader The group.
 * @param signal What asks it.
 */
export async function endGroups(leader: number, signal: Deno.Signal): Promise<void> {
  const groups = new Set([leader]);
  // Before parents end, while it shows which processes are theirs.
  await livingGroups(groups);
  send(leader, signal);
  const askedAt = performance.now();
  for (;;) {
    const living = await livingGroups(groups);
    if (living.length === 0) return;
    const elapsedMs = performance.now() - askedAt;
    if (elapsedMs > GRACE_MS) living.forEach((group) => send(group, "SIGKILL"));
    if (elapsedMs > GRACE_MS + KILLED_MS) {
      console.error(`cannot end the process groups ${living.join(", ")}`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

/** Those of the groups that have living processes; adds the groups that were started by them. */
async function livingGroups(groups: Set<number>): Promise<number[]> {
  const processes = await listProcesses();
  const members = new Set<number>();
  for (let known = -1; known < members.size;) {
    known = members.size;
    for (const { pid, parent, group } of processes) {
      if (!members.has(parent) && !groups.has(group)) continue;
      members.add(pid);
      groups.add(group);
    }
  }
  return [...groups].filter((group) => processes.some((process) => process.group === group));
}

async function listProcesses(): Promise<Process[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-A", "-o", "pid=,ppid=,pgid=,stat="],
    stdin: "null",
    stderr: "inherit",
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , stat]) => !stat?.startsWith("Z"))
    .map(([pid, parent, group]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
    }));
}

function send(group: number, signal: Deno.Signal): void {
  try {
    Deno.kill(-group, signal);
  } catch (error) {
    // It has ended meanwhile.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
