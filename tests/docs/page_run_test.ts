/** The runner of pages, on pages that are made up: it finds what is wrong, and leaves nothing behind. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { probeChannel } from "../../lib/native/probe.ts";
import { ROOT } from "../repo/run.ts";
import { nativeReady } from "../support/native_ready.ts";
import { uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { blocksOf } from "./blocks.ts";
import { runPage, type Steps } from "./page_run.ts";

const missing = nativeReady();

const ALL = ["."];
const FEW = ["LICENSE", "docs/abi.md"];

/** What became of a step: its name, and "ok", "ignored" or the error. */
type Outcome = readonly [name: string, result: string];

Deno.test("blocks share a copy of the project, and the checkout does not change", async () => {
  const before = await Deno.readTextFile(`${ROOT}/LICENSE`);
  const outcomes = await run(`
${sh("echo changed > LICENSE; echo one > made.txt; cd docs")}
${sh('test "$(cat LICENSE made.txt)" = "changed\none"; test -f docs/abi.md')}
${sh('test "$HOME" != "' + Deno.env.get("HOME") + '"; touch ~/file; test -z "$(ls -A "$TMPDIR")"')}
`);
  assertEquals(outcomes.map(([, result]) => result), ["ok", "ok", "ok"]);
  assertEquals(await Deno.readTextFile(`${ROOT}/LICENSE`), before);
});

Deno.test("the command line runs from the copy, as ./denow and as hftlive", async () => {
  const outcomes = await run(sh("./denow run cli.ts --version\nhftlive --version"), {
    parts: ALL,
  });
  assertEquals(outcomes, [["docs/page.md:1", "ok"]]);
});

Deno.test("a saved block is there for those after it, for its owner only", async () => {
  const outcomes = await run(`
<!-- run: file=made/a.toml -->
\`\`\`toml
a = 1
\`\`\`
${sh("grep -q '^a = 1$' made/a.toml; test -z \"$(find made/a.toml -perm -040)\"")}
`);
  assertEquals(outcomes.map(([, result]) => result), ["ok"]);
});

Deno.test("a wrong exit code fails, tells what was printed, and ends the page", async () => {
  const outcomes = await run(`
${sh("echo told; echo too >&2; false; echo not told")}
${sh("true")}
`);
  assertEquals(outcomes.length, 1);
  const [, result] = outcomes[0]!;
  assertStringIncludes(result, "docs/page.md:2 ended with 1, expected 0");
  assertStringIncludes(result, "--- printed:\ntold\ntoo\n");
});

Deno.test("an exit code that is expected is needed", async () => {
  const text = (code: number) => `<!-- run: exit=3 -->\n${sh(`exit ${code}`)}`;
  assertEquals(await run(text(3)), [["docs/page.md:2", "ok"]]);
  const [[, result] = []] = await run(text(0));
  assertStringIncludes(result ?? "", "ended with 0, expected 3");
});

Deno.test("a missing command in a pipe and an unset variable fail", async () => {
  for (const text of ["no-such-command | cat", "echo $NO_SUCH_VARIABLE"]) {
    const [[, result] = []] = await run(sh(text));
    assertStringIncludes(result ?? "", "expected 0");
  }
});

Deno.test("a block in the background goes on until the page ends, and is interrupted then", async () => {
  const outcomes = await run(`
${background("trap 'touch ended; exit 130' INT; touch started; echo is ready; sleep 60")}
${sh("test -f started; ! test -f ended")}
`);
  assertEquals(outcomes, [
    ["docs/page.md:4", "ok"],
    ["docs/page.md:7", "ok"],
    ["docs/page.md:4 ends when it is interrupted", "ok"],
  ]);
});

Deno.test("a block in the background has to end well", async () => {
  const outcomes = await run(background("trap 'exit 5' INT; echo is ready; sleep 60"));
  assertStringIncludes(outcomes[1]?.[1] ?? "", "ended with 5, expected 0 or 130");
});

Deno.test("a block in the background that ends before it is ready fails", async () => {
  const [[, result] = []] = await run(background("echo something else"));
  assertStringIncludes(result ?? "", 'it ended without printing "is ready":\nsomething else');
});

Deno.test("a block that leaves a process behind fails, and the process is ended", async () => {
  await using directory = await TempDirectory.create();
  const file = directory.file("pid");
  const [[, result] = []] = await run(sh(`sleep 300 >/dev/null 2>&1 & echo $! > ${file}`));
  assertStringIncludes(result ?? "", "leaves processes behind");
  const pid = (await Deno.readTextFile(file)).trim();
  const { stdout } = await new Deno.Command("ps", { args: ["-p", pid, "-o", "stat="] }).output();
  const state = new TextDecoder().decode(stdout).trim();
  assert(state === "" || state.startsWith("Z"), state);
});

Deno.test("a block whose needs this machine lacks is skipped with the reason", async () => {
  using _taken = takePort(8787);
  const outcomes = await run(`<!-- run: needs=port-8787 -->\n${sh("false")}\n${sh("true")}`);
  assertEquals(outcomes, [
    ["docs/page.md:2, skipped: port 8787 is taken", "ignored"],
    ["docs/page.md:5", "ok"],
  ]);
});

Deno.test({
  name: "connectors and bots of a page meet each other, and nobody else",
  ignore: missing !== undefined,
  fn: async () => {
    const name = uniqueConnectorName();
    const seen: boolean[] = [];
    const command = `./denow run -P=live cli.ts --live --connector ${name} --symbol btcusdt ` +
      "--tick-size 0.1 --lot-size 0.001 --duration 1";
    const outcomes = await run(`<!-- run: connector=${name} -->\n${sh(command)}`, {
      parts: ALL,
      look: () => seen.push(probeChannel(name).exists),
    });
    assertEquals(outcomes, [["docs/page.md:2", "ok"]]);
    assertEquals(seen, [false]);
  },
});

/** Runs a page beside a few files of the project, or all. */
async function run(text: string, { parts = FEW, look = () => {} }: {
  parts?: readonly string[];
  look?: () => void;
} = {}): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const steps: Steps = {
    async step({ name, ignore, fn }) {
      if (ignore) {
        outcomes.push([name, "ignored"]);
        return false;
      }
      try {
        // The runner's steps do not look at their context.
        await Reflect.apply(fn, undefined, []);
        outcomes.push([name, "ok"]);
        return true;
      } catch (error) {
        outcomes.push([name, error instanceof Error ? error.message : String(error)]);
        return false;
      } finally {
        look();
      }
    },
  };
  await runPage(steps, blocksOf({ path: "docs/page.md", text }), parts);
  return outcomes;
}

function sh(script: string): string {
  return `\`\`\`sh\n${script}\n\`\`\``;
}

function background(script: string): string {
  return `\n<!-- run: background until="is ready" -->\n${sh(script)}`;
}

/** Takes a port, if nobody else has it. */
function takePort(port: number): Disposable {
  try {
    const listener = Deno.listen({ hostname: "127.0.0.1", port });
    return { [Symbol.dispose]: () => listener.close() };
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    return { [Symbol.dispose]: () => {} };
  }
}
