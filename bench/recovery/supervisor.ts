/**
 * Supervises the connectors of a file until its standard input ends, so that it never outlives who
 * started it. Prints a line of JSON for each change of state.
 *
 * @module
 */

import { loadSupervisorSettings, Supervisor } from "@hftlive/hftlive";

/** One line of output. */
export interface StateLine {
  /** What the connector is doing now. */
  readonly status: string;
  /** That, for people. */
  readonly reason: string | undefined;
  /** Its process; undefined while there is none. */
  readonly pid: number | undefined;
}

if (import.meta.main) {
  const [path = ""] = Deno.args;
  await using supervisor = await Supervisor.create(await loadSupervisorSettings(path));
  supervisor.start();
  const stop = async (): Promise<void> => {
    for await (const _ of Deno.stdin.readable);
    await supervisor.stop();
  };
  const stopped = stop();
  for await (const { connector, state } of supervisor.changes()) {
    const pid = supervisor.status(connector).connectors[0]?.pid ?? undefined;
    const reason = "reason" in state ? state.reason : undefined;
    const line: StateLine = { status: state.status, reason, pid };
    console.log(JSON.stringify(line));
  }
  await stopped;
}
