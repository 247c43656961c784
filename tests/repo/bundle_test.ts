import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { ROOT, runDenow } from "./run.ts";

Deno.test("a bundle of cli.ts runs from an empty folder, without permissions", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "hftlive_bundle_" });
  try {
    const bundled = await runDenow(["bundle", "--output", `${folder}/hftlive.js`, "cli.ts"]);
    assertEquals(bundled.code, 0, bundled.stderr);
    const empty = `${folder}/empty`;
    await Deno.mkdir(empty);
    const run = async (...args: string[]) => {
      const result = await runDenow(
        ["run", "--no-config", "--no-prompt", "../hftlive.js", ...args],
        empty,
      );
      assertEquals(result.code, 0, result.stderr);
      return result.stdout;
    };
    await t.step("--version", async () => {
      assertStringIncludes(await run("--version"), config.version);
    });
    await t.step("--help", async () => {
      assertStringIncludes(await run("--help"), "--stub");
    });
    await t.step("--stub --duration 1 --json", async () => {
      const result = JSON.parse(await run("--stub", "--duration", "1", "--json"));
      assertEquals(result.mode, "stub");
      assertGreater(result.totalTrades, 0);
    });
    await t.step("dashboard --stub: the page's files are in the bundle", async () => {
      const child = new Deno.Command(`${ROOT}/denow`, {
        args: [
          ...["run", "--no-config", "--no-prompt", "--allow-net=127.0.0.1", "../hftlive.js"],
          ...["dashboard", "--stub", "--port", "0"],
        ],
        cwd: empty,
        stdin: "null",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      let url = "";
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        url = /^Dashboard: (\S+)$/m.exec(text)?.[1] ?? "";
        if (url !== "") break;
      }
      for (const path of ["", "app.js", "uplot.js", "metrics"]) {
        const response = await fetch(url + path);
        assertEquals(response.status, 200, path);
        assertGreater((await response.text()).length, 500, path);
      }
      child.kill("SIGTERM");
      assertEquals((await child.status).code, 130);
    });
    assertEquals(await Array.fromAsync(Deno.readDir(empty)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
