/**
 * Books as a client keeps them, and as a bot does, in the same form.
 *
 * @module
 */

import type { LiveBot } from "@hftlive/hftlive";
import type { Json } from "./paper_client.ts";

/** A book kept as Binance's documentation says: a snapshot, then the updates that go on from it. */
export class ClientBook {
  readonly bids: Map<string, string> = new Map();
  readonly asks: Map<string, string> = new Map();
  /** Update id that the book is at. */
  id = -1;

  load(snapshot: Json): void {
    this.id = snapshot.lastUpdateId;
    this.#set(snapshot.bids, snapshot.asks);
  }

  /** Whether an update fits: nothing is missing between it and the book. */
  apply(update: Json): boolean {
    if (update.u <= this.id) return true;
    const fits = update.pu <= this.id;
    this.id = update.u;
    this.#set(update.b, update.a);
    return fits;
  }

  #set(bids: string[][], asks: string[][]): void {
    for (const [side, levels] of [[this.bids, bids], [this.asks, asks]] as const) {
      for (const [price, qty] of levels) {
        if (Number(qty) === 0) side.delete(price!);
        else side.set(price!, qty!);
      }
    }
  }

  levels(): { bids: string[][]; asks: string[][] } {
    const sorted = (side: Map<string, string>, sign: number) =>
      [...side].sort(([a], [b]) => sign * (Number(a) - Number(b)));
    return { bids: sorted(this.bids, -1), asks: sorted(this.asks, 1) };
  }
}

/** A bot's book in the same form. */
export function levelsOf(bot: LiveBot, asset: number): { bids: string[][]; asks: string[][] } {
  const { tickSize, lotSize } = bot.instruments[asset]!;
  const digits = (step: number) => Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const { bids, asks } = bot.depth(asset).snapshot();
  const text = ({ price, qty }: { price: number; qty: number }) => [
    price.toFixed(digits(tickSize)),
    qty.toFixed(digits(lotSize)),
  ];
  return { bids: bids.map(text), asks: asks.map(text) };
}
