/**
 * What can go wrong when a connector is started.
 *
 * @module
 */

import { ConnectorRunnerError, ConnectorStartupError } from "./errors.ts";

/** Another process runs a connector of this name: two on one channel would mix their events. */
export class ConnectorNameInUseError extends ConnectorStartupError {
  /** Name of the class. */
  override name = "ConnectorNameInUseError";
  /** The connector's name. */
  readonly connectorName: string;
  /** The process that has the name, where it is known. */
  readonly pid: number | undefined;

  /**
   * Makes the error.
   *
   * @param connectorName The connector's name.
   * @param pid The process that has the name, where it is known.
   * @param holder What that process does, such as "publishes on its channel".
   */
  constructor(connectorName: string, pid: number | undefined, holder: string) {
    const who = pid === undefined ? "another process" : `process ${pid}`;
    super(`Cannot start connector ${connectorName}: ${who} ${holder}`);
    this.connectorName = connectorName;
    this.pid = pid;
  }
}

/** The connector's program is there, but is not a file that can be run. */
export class ConnectorNotExecutableError extends ConnectorRunnerError {
  /** Name of the class. */
  override name = "ConnectorNotExecutableError";
  /** The program. */
  readonly path: string;

  /**
   * Makes the error.
   *
   * @param path The program.
   * @param reason Why it cannot be run, and the way out.
   */
  constructor(path: string, reason: string) {
    super(`Cannot run ${path}: ${reason}`);
    this.path = path;
  }
}
