import { assertEquals } from "@std/assert";

const ROOT = Deno.realPathSync(`${import.meta.dirname}/../..`);
const CHECKS = `${ROOT}/tests/offline/std_checks.ts`;

/** Type-checks and runs the checks with one choice of `@std`. */
async function runChecks(flag: string): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-read", flag, CHECKS],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stdout) + decoder.decode(stderr));
}

/** Why JSR cannot be had; undefined if it can. */
async function jsrFailure(): Promise<string | undefined> {
  const url = new URL("/@std/assert/meta.json", Deno.env.get("JSR_URL") ?? "https://jsr.io");
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    const { name } = await response.json();
    return name === "assert" ? undefined : `${url} answered something else`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

Deno.test("the stand-ins do what the project relies on in @std", () =>
  runChecks("--import-map=offline/import_map.json"));

const failure = await jsrFailure();
if (failure) {
  console.log(`the checks of the real @std are skipped: JSR is out of reach: ${failure}`);
}

Deno.test({
  name: "the real @std does what the project relies on",
  ignore: failure !== undefined,
  fn: () => runChecks("--config=deno.json"),
});
