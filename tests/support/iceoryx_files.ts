/**
 * What iceoryx2 keeps of a process.
 *
 * @module
 */

const DIRECTORIES = ["/tmp/iceoryx2/nodes", "/dev/shm"];

/**
 * The iceoryx2 files and shared memory of a process.
 *
 * @param pid Its process id.
 * @returns Their paths.
 */
export function iceoryxFilesOf(pid: number): string[] {
  return DIRECTORIES.flatMap((directory) =>
    namesIn(directory).filter((name) => ownersOf(name).includes(pid))
      .map((name) => `${directory}/${name}`)
  );
}

/** The processes in a file's name: ids of nodes and ports have theirs in the lowest 32 bits. */
function ownersOf(name: string): number[] {
  const ids = name.match(/(?<![0-9a-f])\d{20,}(?![0-9a-f])/g) ?? [];
  return ids.map((id) => Number(BigInt(id) & 0xffff_ffffn));
}

function namesIn(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
