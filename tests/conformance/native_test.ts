import { type DepthKind, NativeBot, type NativeBotOptions } from "@hftlive/hftlive";
import { nativeReady, startSimConnector } from "../support/sim_connector.ts";
import { describeLiveBot, type Subject } from "./suite.ts";

const LAST_TRADES_CAPACITY = 20;
const START_TIMEOUT_MS = 20_000;
const DEPTH_KINDS: readonly DepthKind[] = ["hashmap", "roivec"];

const skip = nativeReady();

for (const depth of DEPTH_KINDS) {
  describeLiveBot(
    `native, ${depth}`,
    () => nativeSubject(depth),
    skip === undefined ? {} : { skip },
  );
}

/** A bot on a connector of its own, with a market that moves without end. */
async function nativeSubject(depth: DepthKind): Promise<Subject> {
  const sim = await startSimConnector({ config: { source: { kind: "synthetic", rate: 2_000 } } });
  try {
    const options: NativeBotOptions = {
      depth,
      instruments: [{
        connector: sim.name,
        symbol: "btcusdt",
        tickSize: 0.1,
        lotSize: 0.001,
        lastTradesCapacity: LAST_TRADES_CAPACITY,
        ...(depth === "roivec" && { roiLowerBound: 0, roiUpperBound: 120_000 }),
      }],
    };
    startMarket(options);
    return {
      bot: new NativeBot(options),
      lastTradesCapacity: LAST_TRADES_CAPACITY,
      [Symbol.asyncDispose]: () => sim[Symbol.asyncDispose](),
    };
  } catch (error) {
    await sim.stop();
    throw error;
  }
}

/**
 * Has the connector subscribe. A connector has no book before its first registration, so only a
 * later bot finds one to be sent.
 */
function startMarket(options: NativeBotOptions): void {
  using first = new NativeBot(options);
  const depth = first.depth(0);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(depth.bestBidQty > 0 && depth.bestAskQty > 0)) {
    if (Date.now() > deadline) throw new Error(`no book within ${START_TIMEOUT_MS} ms`);
    first.waitNextFeed(false, 10_000_000);
  }
}
