/**
 * The package as `deno publish` makes it, from a registry on loopback. The four @std packages are
 * the stand-ins there: JSR is not asked.
 */

import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import config from "../../deno.json" with { type: "json" };
import { SOURCE_MANIFEST } from "../../lib/native/source_manifest.ts";
import { sha256 } from "../../lib/native/sources.ts";
import { JsrRegistry } from "../support/jsr_registry.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { type Result, ROOT, runDenow } from "./run.ts";

const PACKAGE = `jsr:${config.name}@${config.version}`;

const ignore = /^2\.8\.[0-2]$/.test(Deno.version.deno);
if (ignore) console.log(`publishing is not tested: Deno ${Deno.version.deno} refuses text imports`);

Deno.test("the package is published, and runs from the registry", { ignore }, async (t) => {
  await using registry = new JsrRegistry();
  await using cache = await TempDirectory.create();
  await using empty = await TempDirectory.create();
  await addStandIns(registry);
  // What npm has is not fetched again.
  await Deno.symlink(`${await denoDirectory()}/npm`, cache.file("npm"));
  const env = { DENO_DIR: cache.path, JSR_URL: registry.url, NO_COLOR: "1", NO_PROXY: "127.0.0.1" };
  const command = (args: readonly string[], cwd = empty.path) =>
    new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd,
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  const deno = async (args: readonly string[], cwd?: string): Promise<Result> => {
    const { code, ...output } = await command(args, cwd).output();
    const decoder = new TextDecoder();
    const [stdout, stderr] = [decoder.decode(output.stdout), decoder.decode(output.stderr)];
    assertEquals(code, 0, stderr);
    return { code, stdout, stderr };
  };

  await t.step("deno publish", async () => {
    // Types are checked by a step of its own; slow types are looked for here.
    const { stderr } = await deno(
      ["publish", "--token=none", "--no-provenance", "--allow-dirty", "--no-check"],
      ROOT,
    );
    assertStringIncludes(stderr, "Checking for slow types");
    const warnings = [...stderr.matchAll(/^warning\[([\w-]+)\].*\n +--> (.*):\d+:\d+$/gm)];
    assertEquals(warnings.map(([, what, path = ""]) => [what, path.slice(ROOT.length + 1)]), [
      // The strategies of a user, whose URLs are whole.
      ["unanalyzable-dynamic-import", "lib/strategy/load.ts"],
    ]);
  });
  await t.step("it holds what is needed, and nothing of the workshop", async () => {
    const files = registry.find(config.name, config.version)?.files ?? new Map();
    for (const [path, hash] of Object.entries(SOURCE_MANIFEST)) {
      assertEquals(await sha256(files.get(`/${path}`) ?? new Uint8Array()), hash, path);
    }
    const folders = new Set([...files.keys()].map((path) => path.split("/")[1]));
    assertEquals([...folders].sort(), [
      ...["CHANGELOG.md", "LICENSE", "README.md", "cli.ts", "deno.json", "lib", "mod.ts", "native"],
    ]);
  });
  await t.step("watch --stub, without any permission", async () => {
    const { stdout } = await deno([
      ...["run", "--no-prompt", `${PACKAGE}/cli`, "--stub", "--duration", "0.5", "--json"],
    ]);
    assertGreater(JSON.parse(stdout).totalTrades, 0);
  });
  await t.step("paper --stub: the exchange's worker is found", async () => {
    const { stdout } = await deno([
      ...["run", "--allow-all", `${PACKAGE}/cli`, "paper", "--stub", "--duration", "0.5", "--json"],
    ]);
    assertEquals(JSON.parse(stdout).mode, "paper");
  });
  await t.step("dashboard --stub: so is its page", async () => {
    const child = command([
      ...["run", "--no-prompt", "--allow-net=127.0.0.1", `${PACKAGE}/cli`],
      ...["dashboard", "--stub", "--port", "0"],
    ]).spawn();
    let url = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      url = /^Dashboard: (\S+)$/m.exec(text)?.[1] ?? "";
      if (url !== "") break;
    }
    for (const path of ["", "app.js", "style.css", "uplot.js"]) {
      const response = await fetch(url + path);
      assertEquals(response.status, 200, path);
      assertGreater((await response.text()).length, 500, path);
    }
    child.kill("SIGTERM");
    await child.stderr.cancel();
    assertEquals((await child.status).code, 130);
  });
  await t.step("a bot that imports it has its types", async () => {
    await empty.write(
      "bot.ts",
      `import { type LiveBot, StubBot } from "${PACKAGE}";
       using bot: LiveBot = new StubBot({ seed: 7 });
       const assets: number = bot.numAssets;
       // @ts-expect-error a bot has no such field
       console.log(assets === 1 || bot.nothing);`,
    );
    assertEquals((await deno(["run", "--check", "bot.ts"])).stdout, "true\n");
  });
});

const DOCUMENTATION = z.object({
  nodes: z.record(
    z.string(),
    z.object({
      module_doc: z.object({ doc: z.string() }),
      symbols: z.array(z.object({
        name: z.string(),
        declarations: z.array(z.object({
          declarationKind: z.string(),
          jsDoc: z.object({ doc: z.string().optional() }).optional(),
        })),
      })),
    }),
  ),
});

Deno.test("what JSR's score asks of the package's text is there", async (t) => {
  await t.step("a README with examples", async () => {
    assert(config.publish.include.includes("README.md"));
    assertStringIncludes(await Deno.readTextFile(`${ROOT}/README.md`), "\n```ts\n");
  });
  for (const entry of Object.values(config.exports)) {
    await t.step(`${entry}: a module doc, and a doc on each symbol`, async () => {
      const { code, stdout } = await runDenow(["doc", "--json", entry]);
      assertEquals(code, 0);
      const [nodes] = Object.values(DOCUMENTATION.parse(JSON.parse(stdout)).nodes);
      assert(nodes !== undefined);
      assertGreater(nodes.module_doc.doc.length, 20);
      const without = nodes.symbols.filter(({ declarations }) =>
        declarations.some(({ declarationKind, jsDoc }) =>
          declarationKind !== "private" && jsDoc?.doc === undefined
        )
      );
      assertEquals(without.map(({ name }) => name), []);
    });
  }
});

/** Serves offline/ under the names and versions that deno.json wants. */
async function addStandIns(registry: JsrRegistry): Promise<void> {
  for (const [name, target] of Object.entries(config.imports)) {
    const [, version] = /^jsr:.*@(.*)$/.exec(target) ?? [];
    if (version === undefined) continue;
    const file = await Deno.readFile(`${ROOT}/offline/${name.replace("@std/", "")}.ts`);
    registry.add(name, version, {
      exports: { ".": "./mod.ts" },
      files: new Map([["/mod.ts", file]]),
    });
  }
}

async function denoDirectory(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}
