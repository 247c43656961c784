/**
 * The recorded market data beside the checkout, and a channel on which a busy machine does not lose it.
 *
 * @module
 */

import { inCheckout } from "./checkout.ts";
import { type SimConnector, startSimConnector } from "./sim_connector.ts";

/** 345 s of Binance USD-M btcusdt; shared/data/README.md tells more. */
export const RECORDING: string = inCheckout("../shared/data/usdm-btcusdt-20240808.gz");

/** Steps of its prices and quantities. */
export const GRID = { ticksPerUnit: 10, lotsPerUnit: 1000 } as const;

const VARIABLE = "HFTBACKTEST_CHANNEL_CONFIG";

/** Tells why tests on the recording cannot run, and prints it; undefined when they can. */
export function recordingMissing(): string | undefined {
  try {
    Deno.statSync(RECORDING);
    return undefined;
  } catch {
    const reason = `no recording at ${RECORDING}`;
    console.log(`tests on recorded data are skipped: ${reason}`);
    return reason;
  }
}

/** Starts a sim-connector that replays the recording at a multiple of its speed. */
export function startReplay(speed: number): Promise<SimConnector> {
  return startSimConnector({
    config: { source: { kind: "recording", file: RECORDING, symbol: "btcusdt", speed } },
  });
}

/**
 * Gives channels room for two seconds at 20 times the recorded speed, for this process and those it starts,
 * so that other work on the machine is not taken for a loss. Ends with its scope.
 */
export function roomyChannels(): Disposable {
  const before = Deno.env.get(VARIABLE);
  const path = Deno.makeTempFileSync({ prefix: "hftlive-channel-", suffix: ".toml" });
  // Few bots, since the memory grows with buffer_size * max_bots.
  Deno.writeTextFileSync(path, "buffer_size = 60000\nmax_bots = 4\n");
  Deno.env.set(VARIABLE, path);
  return {
    [Symbol.dispose]() {
      if (before === undefined) Deno.env.delete(VARIABLE);
      else Deno.env.set(VARIABLE, before);
      Deno.removeSync(path);
    },
  };
}
