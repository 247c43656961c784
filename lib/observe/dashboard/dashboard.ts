/**
 * A page on loopback that shows a client and its connectors live.
 *
 * @module
 */

import { isOldDeno, MIN_DENO } from "../../deno_version.ts";
import { HftliveError } from "../../model/errors.ts";
import { VERSION } from "../../version.ts";
import { ConnectorMonitor } from "../connectors/connector_monitor.ts";
import { ExchangeMonitor } from "../exchange/exchange_monitor.ts";
import { LATENCY_BOUNDS_NS } from "../latency_buckets.ts";
import { ClientSource } from "../metrics/client_source.ts";
import { ConnectorSource } from "../metrics/connector_source.ts";
import { ExchangeSource } from "../metrics/exchange_source.ts";
import { type MetricsExport, MetricsHub } from "../metrics/metrics_hub.ts";
import type { Reading } from "../metrics/reading.ts";
import { ConnectorBoard, logRow } from "./connector_board.ts";
import { control } from "./control.ts";
import { ExchangeBoard } from "./exchange_board.ts";
import { FrameSource } from "./frame_source.ts";
import type { Token } from "./guard.ts";
import { SAMPLE_RATE } from "./instrument_view.ts";
import { MarketBoard } from "./market_board.ts";
import { type Hello, type LogRow, PROTOCOL } from "./messages.ts";
import {
  type DashboardOptions,
  resolveDashboardOptions,
  type ResolvedDashboardOptions,
} from "./options.ts";
import { Tail } from "./parts.ts";
import type { DashboardServer } from "./server.ts";
import { Viewer } from "./viewer.ts";

/** Time between two frames, ms. */
const FRAME_MS = 100;
/** Frames between two looks at what changes slowly. */
const OVERVIEW_FRAMES = 5;
/** Time after which the oldest latencies are forgotten, step by step, ms. */
const LATENCY_STEP_MS = 10_000;
/** Pages that may be connected. */
const MAX_VIEWERS = 16;
/** How long pages have to answer the closing of their sockets, ms. */
const CLOSE_GRACE_MS = 500;
/** Lines of the log that are kept. */
const LOG_LINES = 300;

/**
 * A page on 127.0.0.1 that shows a client live: price, trades, book, own orders and executions,
 * position, latencies, rates, losses and health; with a `ControlClient`, connectors and what they
 * print; with a `PaperExchange`, its own books. It also answers `/metrics`.
 *
 * It takes part in `client.batches()`, counts there, and sends ten frames a second with what has
 * changed; a page that does not keep up gets fewer. The page can do nothing unless `control` is set,
 * and then only with the token.
 *
 * @example Show a bot while it runs
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { Dashboard, LiveClient, StubBot } from "@hftlive/hftlive";
 *
 * await using client = await LiveClient.start(new StubBot({ seed: 7 }));
 * await using dashboard = await Dashboard.start({ client, port: 0 });
 * console.log(`open ${dashboard.url} in a browser`);
 *
 * const page = await fetch(dashboard.url);
 * assertStringIncludes(await page.text(), "hftlive");
 * ```
 */
export class Dashboard implements AsyncDisposable {
  readonly #options: ResolvedDashboardOptions;
  readonly #stack = new AsyncDisposableStack();
  readonly #metrics: MetricsHub = this.#stack.use(new MetricsHub());
  readonly #token: Token | undefined;
  readonly #market: MarketBoard | undefined;
  readonly #connectors: ConnectorBoard | undefined;
  readonly #exchange: ExchangeBoard | undefined;
  readonly #frames: FrameSource;
  readonly #hello: Hello;
  readonly #viewers = new Set<Viewer>();
  #server: DashboardServer | undefined;
  #frame = 0;
  #skipped = 0;

  private constructor(options: ResolvedDashboardOptions, token: Token | undefined) {
    this.#options = options;
    this.#token = token;
    const { client, connectors, exchange } = options;
    const log = new Tail<LogRow>(LOG_LINES);
    this.#metrics.add({ read: (reading) => this.#read(reading) });
    if (client !== undefined) {
      const counts = this.#stack.use(new ClientSource(client));
      const onNotice = (notice: LogRow): void => log.push(notice);
      this.#metrics.add(counts);
      this.#market = this.#stack.use(new MarketBoard(client, { counts, onNotice }));
    }
    if (connectors !== undefined) {
      const monitor = this.#stack.use(
        new ConnectorMonitor(connectors, { onLine: (line) => log.push(logRow(line)) }),
      );
      this.#metrics.add(new ConnectorSource(monitor));
      this.#connectors = new ConnectorBoard(monitor);
    }
    if (exchange !== undefined) {
      const monitor = this.#stack.use(new ExchangeMonitor(exchange));
      this.#metrics.add(new ExchangeSource(monitor));
      this.#exchange = new ExchangeBoard(monitor);
    }
    this.#frames = new FrameSource({
      market: this.#market,
      connectors: this.#connectors,
      exchange: this.#exchange,
      log,
    });
    this.#hello = {
      type: "hello",
      protocol: PROTOCOL,
      server: crypto.randomUUID(),
      version: VERSION,
      mode: options.mode,
      control: options.control,
      connectors: connectors !== undefined,
      exchange: exchange !== undefined,
      instruments: client?.bot.instruments ?? [],
      latencyBoundsNs: LATENCY_BOUNDS_NS,
    };
  }

  /**
   * Listens on 127.0.0.1, and begins to collect.
   *
   * @param options What to show, and where.
   * @returns The dashboard, to be disposed of.
   * @throws {InvalidInputError} If an option cannot be used, or the port is taken.
   * @throws {MissingPermissionError} If `--allow-net` is missing.
   * @throws {HftliveError} If Deno is older than 2.8.
   * @throws {BotError} "closed" if the client's bot is.
   */
  static async start(options: DashboardOptions): Promise<Dashboard> {
    return (await Dashboard.prepare())(options);
  }

  /**
   * Loads what a dashboard needs, so that it can then be started at once: in the same turn as its
   * client, it misses none of what the bot delivers.
   *
   * @returns Starts a dashboard, as {@linkcode Dashboard.start} does.
   * @throws {HftliveError} If Deno is older than 2.8.
   */
  static async prepare(): Promise<(options: DashboardOptions) => Dashboard> {
    checkDeno();
    // The page's files are only loaded here.
    // One after the other: Deno 2.8.0 can fail when it loads packages for two at once.
    const { DashboardServer } = await import("./server.ts");
    const { Token } = await import("./guard.ts");
    return (options) => {
      const resolved = resolveDashboardOptions(options);
      const dashboard = new Dashboard(resolved, resolved.control ? new Token() : undefined);
      try {
        dashboard.#listen(DashboardServer);
        return dashboard;
      } catch (error) {
        // Nothing of it is heard of again.
        dashboard[Symbol.asyncDispose]().catch(() => {});
        throw error;
      }
    };
  }

  /** The metrics that it answers at `/metrics`, to be exported elsewhere as well. */
  get metrics(): MetricsExport {
    return this.#metrics;
  }

  /** Where the page is, such as "http://127.0.0.1:8787/". */
  get url(): string {
    return `http://127.0.0.1:${this.#server?.port ?? this.#options.port}/`;
  }

  /** What controls need; undefined without them. Show it to whoever may control, and to nobody else. */
  get token(): string | undefined {
    return this.#token?.text;
  }

  /** Number of the newest frame: it rises by 1 each tenth of a second. */
  get frame(): number {
    return this.#frame;
  }

  /** Ends all connections, stops listening and collecting; the client goes on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  #listen(Server: typeof DashboardServer): void {
    const { port, client, connectors } = this.#options;
    const server = new Server({
      port,
      token: this.#token,
      hasRoom: () => this.#viewers.size < MAX_VIEWERS,
      onViewer: (socket) => this.#welcome(socket),
      onControl: (body) => control(body, { client, connectors }),
      metrics: () => this.#metrics.prometheus(),
    });
    this.#server = server;
    this.#stack.defer(() => this.#close(server));
    this.#every(FRAME_MS, () => this.#tick());
    this.#every(1_000 / SAMPLE_RATE, () => this.#market?.sample());
    this.#every(LATENCY_STEP_MS, () => this.#market?.stepLatency());
  }

  #every(ms: number, work: () => void): void {
    const timer = setInterval(work, ms);
    this.#stack.defer(() => clearInterval(timer));
  }

  #welcome(socket: WebSocket): void {
    const viewer = new Viewer(socket, this.#frames, this.#hello);
    this.#viewers.add(viewer);
    viewer.gone.then(() => {
      this.#viewers.delete(viewer);
      this.#skipped += viewer.skipped;
    });
  }

  #tick(): void {
    this.#frame++;
    // What nobody looks at costs nothing.
    if (this.#viewers.size === 0) return;
    this.#market?.refresh();
    if (this.#frame % OVERVIEW_FRAMES === 0) {
      this.#market?.refreshOverview();
      this.#connectors?.refresh();
      this.#exchange?.refresh();
    }
    const now = Date.now();
    for (const viewer of this.#viewers) viewer.send(this.#frame, now);
  }

  async #close(server: DashboardServer): Promise<void> {
    const viewers = [...this.#viewers];
    for (const viewer of viewers) viewer.close();
    // A page that does not answer must not hold this up.
    const grace = Promise.withResolvers<void>();
    const timer = setTimeout(grace.resolve, CLOSE_GRACE_MS);
    await Promise.race([Promise.all(viewers.map(({ gone }) => gone)), grace.promise]);
    clearTimeout(timer);
    await server.close();
  }

  #read(reading: Reading): void {
    let skipped = this.#skipped;
    for (const viewer of this.#viewers) skipped += viewer.skipped;
    reading.add("hftlive_dashboard_viewers", this.#viewers.size);
    reading.add("hftlive_dashboard_skipped_frames_total", skipped);
    reading.add("hftlive_dashboard_refused_requests_total", this.#server?.refused);
  }
}

/** The page's files are text imports, which older versions of Deno do not know. */
function checkDeno(): void {
  if (!isOldDeno()) return;
  throw new HftliveError(
    `Cannot start the dashboard: Deno is ${Deno.version.deno}, ` +
      `the page needs ${MIN_DENO} or newer`,
  );
}
