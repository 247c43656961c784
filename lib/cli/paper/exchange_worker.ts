/**
 * A paper exchange in a thread of its own, so that a strategy that blocks its thread while it waits
 * for an answer still gets one.
 *
 * @module
 */

import { type ExchangeHost, startExchange } from "./exchange_host.ts";
import { toSent, type WorkerAnswer, type WorkerRequest } from "./worker_messages.ts";

let host: ExchangeHost | undefined;

function tell(answer: WorkerAnswer): void {
  // deno-lint-ignore no-explicit-any -- the global of a worker, which Deno's types do not know here
  (globalThis as any).postMessage(answer);
}

async function answer(request: WorkerRequest): Promise<void> {
  switch (request.type) {
    case "start":
      host = await startExchange(request.spec);
      tell({ type: "started", access: host.access });
      host.marketDone.then(() => tell({ type: "marketDone" }));
      break;
    case "report":
      if (host !== undefined) tell({ type: "report", report: await host.report() });
      break;
    case "close":
      await host?.close();
      tell({ type: "closed" });
      break;
  }
}

addEventListener("message", (event) => {
  if (!(event instanceof MessageEvent)) return;
  answer(event.data).catch((error) => tell({ type: "failed", error: toSent(error) }));
});
