/**
 * A paper exchange alone, for a connector that is started elsewhere.
 *
 * @module
 */

import { HftliveError } from "../../model/errors.ts";
import type { RunDisplay } from "../run_display.ts";
import type { ExchangeHost } from "./exchange_host.ts";
import type { PaperEnd } from "./end.ts";
import { statusText } from "./view.ts";

const STATUS_MS = 1_000;

/** Time for the last of the market to reach those who listen, ms. */
const LAST_EVENTS_MS = 300;

/** How to run an exchange. */
export interface ExchangeSessionOptions {
  /** Shows how it is. */
  readonly status: RunDisplay;
  /** Decides when it ends. */
  readonly end: PaperEnd;
}

/**
 * Shows an exchange until its end.
 *
 * @param host The exchange; it stays open.
 * @param options Where to show it, and what ends it.
 */
export async function watchExchange(
  host: ExchangeHost,
  { status, end }: ExchangeSessionOptions,
): Promise<void> {
  using _watch = followExchange(host, { status, end });
  await end.decided;
}

/**
 * Shows an exchange once a second, and ends the run with its market.
 *
 * @param host The exchange.
 * @param options Where to show it, and what ends.
 * @returns Ends it.
 */
export function followExchange(
  host: ExchangeHost,
  { status, end }: ExchangeSessionOptions,
): Disposable {
  const { instruments } = host.access;
  const show = async (): Promise<void> => {
    const report = await host.report();
    status.update({ line: () => statusText(report, instruments) });
  };
  const ticker = setInterval(() => show().catch((error) => end.fail(error)), STATUS_MS);
  endWithMarket(host, end);
  return { [Symbol.dispose]: () => clearInterval(ticker) };
}

function endWithMarket(host: ExchangeHost, end: PaperEnd): void {
  const decide = async (): Promise<void> => {
    await host.marketDone;
    const { state, failure } = (await host.report()).market;
    if (state === "failed") {
      end.fail(new HftliveError(`The market of the paper exchange failed: ${failure}`));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LAST_EVENTS_MS));
    end.decide("endOfData");
  };
  decide().catch((error) => end.fail(error));
}
