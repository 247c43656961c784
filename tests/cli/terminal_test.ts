/**
 * What is drawn on a terminal: progress on standard error while standard output goes elsewhere,
 * and notices above it.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { programMissing } from "../support/programs.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { cliCommand } from "./run_cli.ts";

const hasScript = await programMissing("script") === undefined;
if (!hasScript) console.log("terminal tests are skipped: no script of util-linux here");

interface Shown {
  readonly code: number;
  readonly terminal: string;
}

/** Runs a shell's line on a terminal of 80 columns. */
async function onTerminal(line: string, env: Record<string, string> = {}): Promise<Shown> {
  const plain = Object.hasOwn(env, "NO_COLOR") ? "" : "unset NO_COLOR; ";
  const { code, stdout } = await new Deno.Command("script", {
    args: ["-qec", `${plain}stty cols 80 rows 24; ${line}`, "/dev/null"],
    env: { TERM: "xterm", ...env },
    stdin: "null",
  }).output();
  return { code, terminal: new TextDecoder().decode(stdout) };
}

function quoted(line: readonly string[]): string {
  return cliCommand(line, { permissions: ["-A"] }).map((word) => `'${word}'`).join(" ");
}

const WATCH = ["watch", "--stub", "--duration", "0.7"];

Deno.test({
  name: "--json into a file shows progress on the terminal, and takes it away",
  ignore: !hasScript,
  async fn() {
    await using directory = await TempDirectory.create();
    const path = directory.file("out.json");
    const { code, terminal } = await onTerminal(`${quoted([...WATCH, "--json"])} > ${path}`);
    assertEquals(code, 0, terminal);
    assert(JSON.parse(await Deno.readTextFile(path)).totalTrades > 0);
    assertMatch(terminal, /0\.\d s {2}trades \d+ {2}depth updates [\d,]+ {2}dropped 0/);
    assert(terminal.trimEnd().endsWith("dropped 0\r\x1b[0J"), JSON.stringify(terminal));
  },
});

Deno.test({
  name: "notices and log lines stand above what is drawn",
  ignore: !hasScript,
  async fn() {
    const { code, terminal } = await onTerminal(quoted([...WATCH, "--verbose"]));
    assertEquals(code, 0, terminal);
    assertStringIncludes(terminal, "Ctrl+C ends it");
    // Whatever is written while a block stands there comes behind the codes that take it away.
    for (const [, before = ""] of terminal.matchAll(/([^\n]*)(?:stub btcusdt: healthy|Z INFO)/g)) {
      assert(!before.includes("dropped"), JSON.stringify(before));
    }
  },
});

for (const [name, value] of [["NO_COLOR", "1"], ["TERM", "dumb"]] as const) {
  Deno.test({
    name: `${name}=${value} keeps colours off a terminal`,
    ignore: !hasScript,
    async fn() {
      const { terminal } = await onTerminal(quoted(WATCH), { [name]: value });
      assertStringIncludes(terminal, "Summary: stub");
      // deno-lint-ignore no-control-regex
      assert(!/\x1b\[\d+m/.test(terminal), JSON.stringify(terminal));
      assertEquals(terminal.includes("Ctrl+C ends it"), name === "NO_COLOR");
    },
  });
}

Deno.test({
  name: "a terminal is coloured, and what goes elsewhere is not",
  ignore: !hasScript,
  async fn() {
    assertStringIncludes((await onTerminal(quoted(["help"]))).terminal, "\x1b[1mNAME");
    const { terminal } = await onTerminal(`${quoted(["help"])} | cat`);
    assert(!terminal.includes("\x1b[1m"), terminal);
  },
});
