/**
 * A paper exchange with its market and a client.
 *
 * @module
 */

import { PaperExchange, type PaperExchangeOptions } from "@hftlive/hftlive";
import type { Instrument } from "../../lib/model/instrument.ts";
import { PaperClient } from "./paper_client.ts";
import { BTC, ScriptedMarket } from "./scripted_market.ts";

/** What a test works with; `await using` closes all of it. */
export interface Rig extends AsyncDisposable {
  readonly market: ScriptedMarket;
  readonly exchange: PaperExchange;
  readonly client: PaperClient;
}

/** Options of {@linkcode startRig}. */
export interface RigOptions extends Omit<Partial<PaperExchangeOptions>, "market"> {
  /** Instruments of the market. @default one, {@linkcode BTC} */
  readonly instruments?: readonly Instrument[];
}

/** An exchange with bids of `BTC` from 100.0 down and asks from 100.2 up, 1 at each of 5 prices. */
export async function startRig({ instruments = [BTC], ...options }: RigOptions = {}): Promise<Rig> {
  const market = new ScriptedMarket(instruments);
  for (let i = 0; i < 5; i++) market.bid(100 - i / 10, 1).ask(100.2 + i / 10, 1);
  const exchange = await PaperExchange.start({
    market: market.bot,
    queueModel: { model: "riskAverse" },
    ...options,
  });
  if (options.waitForSubscriber !== true) await market.settle();
  const client = new PaperClient(exchange);
  return {
    market,
    exchange,
    client,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await exchange.close();
      market[Symbol.dispose]();
    },
  };
}
