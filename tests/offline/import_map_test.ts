import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import offline from "../../offline/import_map.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);

/** The key of deno.json's imports that serves a specifier: in a deno.json each serves subpaths too. */
function owner(specifier: string): string | undefined {
  return Object.keys(config.imports).find((key) =>
    specifier === key || specifier.startsWith(`${key}/`)
  );
}

/** Every TypeScript file of a folder, but for what is built or installed. */
async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const entry of Deno.readDir(folder)) {
    const url = new URL(entry.name + (entry.isDirectory ? "/" : ""), folder);
    if (entry.isFile && entry.name.endsWith(".ts")) yield url;
    else if (entry.isDirectory && !/^(\..*|target|node_modules|dist)$/.test(entry.name)) {
      yield* sources(url);
    }
  }
}

Deno.test("the offline import map has every import of deno.json, npm ones at the same pin", () => {
  const offlineImports: Record<string, string> = offline.imports;
  for (const [name, target] of Object.entries(config.imports)) {
    const standIn = offlineImports[name];
    assert(standIn !== undefined, `${name} is not in offline/import_map.json`);
    if (target.startsWith("npm:")) assertEquals(standIn, target);
    else if (target.startsWith("./")) assertEquals(standIn, `.${target}`);
    else assert(standIn.startsWith("./"), `${name} has no stand-in: ${standIn}`);
  }
});

Deno.test("the offline import map has no import that deno.json lacks", () => {
  const imports: Record<string, string> = config.imports;
  for (const [name, target] of Object.entries(offline.imports)) {
    const key = owner(name);
    assert(key !== undefined, `${name} is not in deno.json`);
    if (name === `${key}/`) assertEquals(target, `${imports[key]}/`.replace("npm:", "npm:/"));
  }
});

Deno.test("every file that the offline import map names is there", async () => {
  for (const target of Object.values(offline.imports)) {
    if (!target.startsWith("npm:")) await Deno.stat(new URL(`offline/${target}`, ROOT));
  }
});

Deno.test("dependencies are pinned to one version, and only @std is taken from JSR", () => {
  for (const [name, target] of Object.entries(config.imports)) {
    if (target.startsWith("./")) continue;
    assert(/^(jsr|npm):@?[\w/.-]+@\d+\.\d+\.\d+$/.test(target), `${name}: ${target}`);
    assertEquals(target.startsWith("jsr:"), name.startsWith("@std/"), `${name}: ${target}`);
  }
});

Deno.test("every @std specifier in the tree can be had offline", async () => {
  for await (const file of sources(ROOT)) {
    const text = await Deno.readTextFile(file);
    for (const [, specifier] of text.matchAll(/\bfrom "(@std\/[^"]+)"/g)) {
      assert(
        specifier! in offline.imports,
        `${file.pathname} imports ${specifier}, which offline/import_map.json does not have`,
      );
    }
  }
});
