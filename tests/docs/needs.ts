/**
 * What blocks of the documentation need, and whether this machine has it.
 *
 * @module
 */

import { inCheckout } from "../support/checkout.ts";
import { nativeReady } from "../support/native_ready.ts";
import { programMissing } from "../support/programs.ts";
import { numpyMissing } from "../support/python.ts";
import { RECORDING, recordingMissing } from "../support/recording.ts";
import { findChromium } from "../observe/browser.ts";
import type { Need } from "./instruction.ts";

/** A name that pages use for something of the reader's own. */
interface Fixture {
  /** The name, a path from the project's root. */
  readonly name: string;
  /** What a block needs that uses it. */
  readonly need: Need;
  /** What stands there in a test; undefined if the machine has none. */
  readonly path: string | undefined;
}

/** The names that pages use for things of the reader's own. */
export const FIXTURES: readonly Fixture[] = [
  { name: "btcusdt.gz", need: "data", path: RECORDING },
  {
    name: "target/release/connector",
    need: "real-connector",
    path: Deno.env.get("HFTBACKTEST_CONNECTOR"),
  },
];

const BUILT = "native/target/release/sim-connector";

/** Tells why this machine lacks something; undefined if it does not. */
export const LACKS: Readonly<Record<Need, () => Promise<string | undefined>>> = {
  native: async () =>
    nativeReady() ?? await missingFile(BUILT, "HFTLIVE_SIM_CONNECTOR is not used"),
  data: () => Promise.resolve(recordingMissing()),
  chromium: async () => (await findChromium()).missing,
  "real-connector": () =>
    Promise.resolve(
      Deno.env.has("HFTBACKTEST_CONNECTOR")
        ? undefined
        : "HFTBACKTEST_CONNECTOR names no connector",
    ),
  cargo: () => missingProgram("cargo"),
  python: () => Promise.resolve(numpyMissing()),
  prometheus: async () => await missingProgram("prometheus") ?? takenPort(9090),
  "port-8787": () => Promise.resolve(takenPort(8787)),
};

async function missingFile(path: string, hint: string): Promise<string | undefined> {
  try {
    await Deno.stat(inCheckout(path));
    return undefined;
  } catch {
    return `no ${path} in the checkout (${hint})`;
  }
}

async function missingProgram(name: string): Promise<string | undefined> {
  return await programMissing(name) && `${name} is not installed`;
}

function takenPort(port: number): string | undefined {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return undefined;
  } catch {
    return `port ${port} is taken`;
  }
}
