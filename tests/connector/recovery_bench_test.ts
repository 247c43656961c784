/** The benchmark of recoveries, short. */

import { assert, assertEquals } from "@std/assert";
import { ROOT, runDenow } from "../repo/run.ts";
import { nativeReady } from "../support/native_ready.ts";

Deno.test({
  name: "bench/recovery.ts: a client gets over two deaths of its connector, and all is counted",
  ignore: nativeReady() !== undefined,
  async fn() {
    const args = ["run", "-A", "--quiet", `${ROOT}/bench/recovery.ts`];
    const { code, stdout, stderr } = await runDenow([...args, "--rounds", "2", "--json"]);
    assertEquals(code, 0, stderr);
    const { rounds, counts, failures } = JSON.parse(stdout);
    assertEquals([rounds.length, counts.restarts, failures], [2, 2, []]);
    assert(counts.trades > 0);
    for (const { lost, ...later } of rounds) {
      assert(lost > 0, stdout);
      for (const moment of ["data", "registered", "restored", "bookEqual", "reconciled"]) {
        assert(later[moment] > lost, `${moment}: ${stdout}`);
      }
    }
    assertEquals((await runDenow([...args, "--rounds", "0"])).code, 2);
  },
});
