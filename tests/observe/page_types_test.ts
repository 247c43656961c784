import { assertEquals } from "@std/assert";
import { ROOT } from "../repo/run.ts";

const FOLDER = "lib/observe/dashboard/page";

Deno.test("the page's scripts keep the types of the messages and of uPlot", async () => {
  const scripts = (await Array.fromAsync(Deno.readDir(`${ROOT}/${FOLDER}`)))
    .filter(({ name }) => name.endsWith(".js"))
    .map(({ name }) => `${FOLDER}/${name}`);
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    // With the browser's library, which the rest of the tree must not see.
    args: ["check", `--config=${FOLDER}/check.json`, ...scripts],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
});
