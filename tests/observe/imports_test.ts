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

/** What is looked at, and something that must be found, so that the walk is known to work. */
const ENTRIES = [
  ["mod.ts", "lib/observe/dashboard/dashboard.ts"],
  ["cli.ts", "lib/cli/main.ts"],
  ["lib/cli/commands/watch.ts", "lib/cli/dashboard/attach.ts"],
] as const;

for (const [entry, found] of ENTRIES) {
  Deno.test(`${entry} loads neither the metrics' libraries nor the page until they are used`, async () => {
    const loaded = await loadedWith(entry);
    assert(loaded.includes(`file://${ROOT}/${found}`), "the walk works");
    const heavy = loaded.filter((each) =>
      /opentelemetry|uplot|dashboard\/(page|server|assets)/.test(each)
    );
    assertEquals(heavy, []);
  });
}
