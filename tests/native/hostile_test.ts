import { assert, assertEquals } from "@std/assert";
import { NATIVE_SYMBOLS } from "../../lib/native/symbols.ts";
import { nativeReady, startSimConnector } from "../support/sim_connector.ts";
import { inCheckout } from "../support/checkout.ts";

const PROGRAM = inCheckout("tests/native/hostile_calls.ts");
const CALLS = 100_000;
const SEED = Number(Deno.env.get("HFTLIVE_TEST_SEED") ?? 20240808);

const missing = nativeReady();

Deno.test({
  name: `hostile calls: ${CALLS} random calls crash nothing (seed ${SEED})`,
  ignore: missing !== undefined,
  async fn() {
    await using sim = await startSimConnector({
      config: { source: { kind: "synthetic", rate: 2_000 } },
    });
    const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-check", "--no-config", "-A", PROGRAM],
        ...["--seed", String(SEED), "--calls", String(CALLS), "--connector", sim.name],
      ],
      stdin: "null",
    }).output();
    const errors = new TextDecoder().decode(stderr);
    assertEquals({ code, signal }, { code: 0, signal: null }, errors.slice(-4_000));
    const result = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals(result.calls, CALLS);
    // Every function was called, so none is hostile only to those that forget it.
    assertEquals(Object.keys(result.counts).sort(), Object.keys(NATIVE_SYMBOLS).sort());
    assert(sim.running, sim.output);
  },
});
