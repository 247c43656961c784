import { assert, assertEquals } from "@std/assert";
import { ROOT, runDenow } from "../repo/run.ts";

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

/** What is loaded with a module, before any `import()`. */
async function loadedWith(entry: string): Promise<string[]> {
  const { code, stdout, stderr } = await runDenow([
    "info",
    "--json",
    // denow finds no place of its own for it here.
    ...(import.meta.resolve("@std/cli").startsWith("file:")
      ? ["--import-map=offline/import_map.json"]
      : []),
    entry,
  ]);
  assertEquals(code, 0, stderr);
  const info: { roots: string[]; modules: Module[]; redirects: Record<string, string> } = JSON
    .parse(stdout);
  const modules = new Map(info.modules.map((module) => [module.specifier, module]));
  const seen = new Set<string>();
  const visit = (specifier: string): void => {
    const target = info.redirects[specifier] ?? specifier;
    if (seen.has(target)) return;
    seen.add(target);
    for (const { code, isDynamic } of modules.get(target)?.dependencies ?? []) {
      if (!isDynamic && code?.specifier) visit(code.specifier);
    }
  };
  info.roots.forEach(visit);
  return [...seen];
}

for (const entry of ["mod.ts", "cli.ts"]) {
  Deno.test(`${entry} loads neither the metrics' libraries nor the page until they are used`, async () => {
    const loaded = await loadedWith(entry);
    assert(loaded.includes(`file://${ROOT}/lib/observe/dashboard/dashboard.ts`), "the walk works");
    const heavy = loaded.filter((each) =>
      /prom-client|opentelemetry|uplot|dashboard\/(page|server|assets)/.test(each)
    );
    assertEquals(heavy, []);
  });
}
