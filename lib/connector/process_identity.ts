/**
 * Telling a process from a later one that got the same process id.
 *
 * A shell looks at the process: Deno reads /proc only with all permissions.
 *
 * @module
 */

/** A process, told apart from all others of this boot. */
export interface ProcessIdentity {
  /** Its process id. */
  readonly pid: number;
  /** When it was started, as the system words it. */
  readonly born: string;
}

/**
 * The shell function `born PID`: prints when a living process was started; fails for one that is
 * gone or a zombie.
 */
export const BORN_FUNCTION = `
born() {
  if [ -r /proc/self/stat ]; then
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    # The program's name, in parentheses, may hold anything; state and start time come after it.
    set -- \${stat##*") "}
    case $1 in Z | X | '') return 1 ;; esac
    shift 19
    echo "$1"
  else
    case $(ps -o stat= -p "$1") in Z* | '') return 1 ;; esac
    ps -o lstart= -p "$1"
  fi
}
`;

/** The shell, as permissions name it. */
export const SHELL = "sh";

/**
 * Starts a shell.
 *
 * @param script What it runs.
 * @param options How its input and output are connected, and its arguments.
 * @returns The process.
 */
export function spawnShell(
  script: string,
  options: Pick<Deno.CommandOptions, "args" | "stdin" | "stdout" | "stderr" | "detached">,
): Deno.ChildProcess {
  const { args = [], ...streams } = options;
  const command = { ...streams, args: ["-c", script, SHELL, ...args] };
  try {
    return new Deno.Command(SHELL, command).spawn();
  } catch (error) {
    // Deno hands LD_LIBRARY_PATH and its like on only with the permission to run anything.
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return new Deno.Command(SHELL, { ...command, clearEnv: true }).spawn();
  }
}

/**
 * Whether a process still lives.
 *
 * @param identity The process, as it was when it was started.
 * @returns False as well for another process that got its id, and for a zombie.
 */
export async function isSameProcess(identity: ProcessIdentity): Promise<boolean> {
  const { stdout } = await spawnShell(`${BORN_FUNCTION}born "$1"`, {
    args: [String(identity.pid)],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim() === identity.born;
}
