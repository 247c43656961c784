import { assertEquals } from "@std/assert";
import { which } from "./machine.ts";

const shellcheck = which("shellcheck");
if (!shellcheck) console.log("the check of denow is skipped: shellcheck is not installed");

Deno.test({
  name: "shellcheck has no complaint about denow and .ci/run",
  ignore: !shellcheck,
  async fn() {
    for (const file of ["denow", ".ci/run"]) {
      const { stdout } = await new Deno.Command("shellcheck", { args: [file] }).output();
      assertEquals(new TextDecoder().decode(stdout), "");
    }
  },
});
