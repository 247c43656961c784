/**
 * hftbacktest's own connector, for tests that run where it is at hand.
 *
 * @module
 */

import {
  type ConnectorExit,
  ConnectorRunner,
  type ConnectorRunnerOptions,
  StubBot,
} from "@hftlive/hftlive";
import { assert } from "@std/assert";
import { PaperExchange } from "../../../lib/exchange/mod.ts";
import { isExecutable, locateBinary } from "../../../lib/connector/binary.ts";
import { checkRunnerOptions } from "../../../lib/connector/runner_options.ts";
import { nativeReady } from "../../support/native_ready.ts";
import { uniqueConnectorName } from "../../support/sim_connector.ts";
import type { TempDirectory } from "../../support/temp_directory.ts";

/** How long a test waits for what must happen, ms; nothing fails for being slower than usual. */
export const PATIENCE_MS = 60_000;

/** The connector's program; undefined when there is none. */
export const REAL_CONNECTOR: string | undefined = await find();

/** A test of the real connector; skipped where there is none. */
export function real(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `real connector: ${name}`, ignore: REAL_CONNECTOR === undefined, fn });
}

/** A configuration for an exchange on loopback. */
export function configFor(port: number, more = ""): string {
  return `stream_url = "ws://127.0.0.1:${port}/ws"
api_url = "http://127.0.0.1:${port}"
order_prefix = "t"
${more}`;
}

/** A runner for the real connector, with a name and a directory of its own. */
export async function realRunner(
  directory: TempDirectory,
  config: string,
  options: Partial<ConnectorRunnerOptions> = {},
): Promise<ConnectorRunner> {
  return new ConnectorRunner({
    connectorName: uniqueConnectorName(),
    connectorType: "binancefutures",
    configPath: await directory.write("real.toml", config, { mode: 0o600 }),
    binaryPath: REAL_CONNECTOR,
    runtimeDirectory: directory.file("run"),
    startupTimeoutMs: PATIENCE_MS,
    ...options,
  });
}

/** Stops a runner; tells how its process ended, and that with the time it took as a text. */
export async function timedStop(
  runner: ConnectorRunner,
): Promise<{ exit: ConnectorExit; text: string }> {
  const start = performance.now();
  const exit = await runner.stop();
  if (exit === undefined) throw new Error("there was no process to stop");
  const after = ms(performance.now() - start);
  return { exit, text: `${exit.reason} (${exit.signal ?? exit.code}) ${after} after SIGTERM` };
}

/**
 * Fails if an end after SIGTERM was told as anything but what was asked for. The real connector
 * panics (code 1), hangs until it is killed, or ends (code 0), as it happens to hear of the signal.
 */
export function assertAskedFor({ reason, code, signal }: ConnectorExit): void {
  const end = `${reason} ${signal ?? code}`;
  assert(["stopped 0", "stopped 1", "killed SIGKILL"].includes(end), end);
}

/** A time for people. */
export function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

/** An exchange that takes connections and never says anything. */
export class MuteExchange implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0, transport: "tcp" });
  readonly #connections: Deno.TcpConn[] = [];
  readonly #accepting = this.#accept();

  /** Its port. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** How many connections it took. */
  get connections(): number {
    return this.#connections.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    this.#connections.forEach((connection) => connection.close());
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) this.#connections.push(connection);
  }
}

/** A paper exchange with a random market of btcusdt; `await using` ends both. */
export class TestExchange implements AsyncDisposable {
  /** The exchange. */
  readonly paper: PaperExchange;
  readonly #market: StubBot;

  private constructor(paper: PaperExchange, market: StubBot) {
    this.paper = paper;
    this.#market = market;
  }

  /** Starts one; `port` is that of a former one, to take its place with the same keys. */
  static async start(
    { port = 0, former }: { port?: number; former?: PaperExchange } = {},
  ): Promise<TestExchange> {
    const market = new StubBot({ seed: 7, clock: "real", maxFeeds: Infinity, ...PACE });
    const keys = former && { apiKey: former.apiKey, secret: former.secret };
    try {
      return new TestExchange(await PaperExchange.start({ market, port, ...keys }), market);
    } catch (error) {
      market.close();
      throw error;
    }
  }

  /** Its port. */
  get port(): number {
    return Number(new URL(this.paper.apiUrl).port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.paper.close();
    this.#market.close();
  }
}

/** Steps of the market 5 ms apart, so that it is no load for the machine. */
const PACE = { stepIntervalNs: 5_000_000 };

/** A port on which nobody listens. */
export function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0, transport: "tcp" });
  return listener.addr.port;
}

async function find(): Promise<string | undefined> {
  const binaryPath = Deno.env.get("HFTBACKTEST_CONNECTOR");
  const projectRoot = Deno.env.get("HFTBACKTEST_ROOT");
  if (binaryPath === undefined && projectRoot === undefined) {
    return skip(
      "HFTBACKTEST_CONNECTOR names no program, and HFTBACKTEST_ROOT no checkout of hftbacktest",
    );
  }
  const missing = nativeReady({ simConnector: false });
  if (missing !== undefined) return skip(missing);
  const { path } = await locateBinary(checkRunnerOptions({
    connectorName: "real",
    connectorType: "binancefutures",
    configPath: "real.toml",
    ...(binaryPath === undefined ? { projectRoot } : { binaryPath }),
  }));
  if (await isExecutable(path)) return path;
  // A checkout may not be built; a program that somebody names has to be there.
  if (binaryPath === undefined) return skip(`there is no program ${path}, build it`);
  throw new Error(`Cannot find HFTBACKTEST_CONNECTOR=${binaryPath}: no such file`);
}

function skip(reason: string): undefined {
  console.log(`tests of hftbacktest's own connector are skipped: ${reason}`);
  return undefined;
}
