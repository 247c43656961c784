/**
 * Starts a paper exchange in a thread of its own.
 *
 * @module
 */

import { HftliveError, MissingPermissionError } from "../../model/errors.ts";
import type { PaperExchangeReport } from "../../exchange/report.ts";
import type { ExchangeAccess, ExchangeHost, ExchangeSpec } from "./exchange_host.ts";
import { fromSent, type WorkerAnswer, type WorkerRequest } from "./worker_messages.ts";

/** The thread's module. */
export const WORKER_URL: URL = new URL("./exchange_worker.ts", import.meta.url);

/**
 * Starts an exchange in a thread of its own. Its market waits until somebody has subscribed to it.
 *
 * @param spec What it is made from.
 * @returns The exchange, to be disposed of.
 * @throws {UsageError} Naming the flag whose value it refuses.
 * @throws {MissingPermissionError} If the thread's module may not be read.
 * @throws {CommandError} If a recording cannot be read.
 */
export async function startExchangeThread(spec: ExchangeSpec): Promise<ExchangeHost> {
  const thread = new ExchangeThread();
  try {
    return thread.host(await thread.start(spec));
  } catch (error) {
    thread.end();
    throw error;
  }
}

class ExchangeThread {
  readonly #worker: Worker;
  readonly #started = Promise.withResolvers<ExchangeAccess>();
  readonly #marketDone = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #reports: PromiseWithResolvers<PaperExchangeReport>[] = [];
  #failure: Error | undefined;

  constructor() {
    // A failure that nobody waits for is told by the next that does.
    this.#started.promise.catch(() => {});
    this.#marketDone.promise.catch(() => {});
    const worker = this.#worker = new Worker(WORKER_URL, { type: "module", name: "exchange" });
    worker.addEventListener("message", ({ data }) => this.#take(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#fail(workerError(event.message));
    });
  }

  start(spec: ExchangeSpec): Promise<ExchangeAccess> {
    this.#ask({ type: "start", spec });
    return this.#started.promise;
  }

  host(access: ExchangeAccess): ExchangeHost {
    const close = (): Promise<void> => this.#close();
    return {
      access,
      marketDone: this.#marketDone.promise,
      report: () => this.#report(),
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  /** Ends the thread, whatever it does. */
  end(): void {
    this.#worker.terminate();
    this.#closed.resolve();
  }

  async #close(): Promise<void> {
    this.#ask({ type: "close" });
    await this.#closed.promise;
    this.end();
  }

  #report(): Promise<PaperExchangeReport> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const report = Promise.withResolvers<PaperExchangeReport>();
    this.#reports.push(report);
    this.#ask({ type: "report" });
    return report.promise;
  }

  #ask(request: WorkerRequest): void {
    this.#worker.postMessage(request);
  }

  #take(answer: WorkerAnswer): void {
    switch (answer.type) {
      case "started":
        this.#started.resolve(answer.access);
        break;
      case "report":
        this.#reports.shift()?.resolve(answer.report);
        break;
      case "marketDone":
        this.#marketDone.resolve();
        break;
      case "closed":
        this.#closed.resolve();
        break;
      case "failed":
        this.#fail(fromSent(answer.error));
        break;
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#started.reject(error);
    this.#marketDone.reject(error);
    for (const report of this.#reports) report.reject(error);
    this.#reports = [];
    this.#closed.resolve();
  }
}

/** What went wrong with a thread, by the text that is all there is. */
function workerError(message: string): Error {
  const [, path] = /Requires read access to "([^"]+)"/.exec(message) ?? [];
  return path === undefined
    ? new HftliveError(`Cannot run the exchange: ${message.trim()}`)
    : new MissingPermissionError("Cannot run the exchange", [`--allow-read=${path}`]);
}
