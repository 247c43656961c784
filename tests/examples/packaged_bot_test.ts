/**
 * The packaged bot, as far as it can be built without `deno compile`'s runtime: bundled, with the library
 * beside it and the permissions of its compile command.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { findNativeLibrary } from "@hftlive/hftlive";
import { runDenow } from "../repo/run.ts";
import { inCheckout } from "../support/checkout.ts";
import { nativeReady } from "../support/native_ready.ts";
import { startSimConnector } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const SCRIPT = "examples/packaged_bot.ts";
const missing = nativeReady();

Deno.test({
  name: "the packaged bot trades with the library and the permissions of its compile command alone",
  ignore: missing !== undefined,
  async fn() {
    const { flags, included, entry } = await compileCommand();
    assertEquals(`examples/${entry}`, SCRIPT);
    await using directory = await TempDirectory.create();
    const bundled = await runDenow(["bundle", "--output", directory.file("bot.js"), SCRIPT]);
    assertEquals(bundled.code, 0, bundled.stderr);
    const library = directory.file(included.replace(".so", suffix()));
    await Deno.copyFile(findNativeLibrary(), library);
    await Deno.mkdir(directory.file("empty"));

    await using sim = await startSimConnector();
    const { code, stdout, stderr } = await runDenow(
      ["run", "--no-config", ...flags, "../bot.js", "--connector", sim.name, "--seconds", "1"],
      directory.file("empty"),
    );
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^library: (.+)\n\d+ orders, \d+ fills, position -?[\d.e-]+\n$/);
    assertEquals(stdout.split("\n")[0], `library: ${await Deno.realPath(library)}`);
    assertEquals(await Array.fromAsync(Deno.readDir(directory.file("empty"))), []);
  },
});

interface CompileCommand {
  /** Flags that a compiled program keeps. */
  readonly flags: readonly string[];
  /** What is put into it. */
  readonly included: string;
  /** Its program. */
  readonly entry: string;
}

/** The command that the example's header gives. */
async function compileCommand(): Promise<CompileCommand> {
  const text = await Deno.readTextFile(inCheckout(SCRIPT));
  const [, command] = /^ \* {5}deno compile ((?:.*\\\n)*.*)$/m.exec(text) ?? [];
  assert(command !== undefined, "no compile command");
  const words = command.replace(/\\\n \*/g, "").split(/ +/);
  const included = words[words.indexOf("--include") + 1] ?? "";
  const kept = words.filter((word) => /^--(no-prompt|allow-\w+)/.test(word));
  assertEquals(kept, ["--no-prompt", "--allow-read", "--allow-ffi"]);
  return { flags: kept, included, entry: words.at(-1) ?? "" };
}

function suffix(): string {
  return Deno.build.os === "darwin" ? ".dylib" : ".so";
}
