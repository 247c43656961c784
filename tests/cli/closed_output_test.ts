/**
 * Standard output that takes no more: closed by its reader, or on a full disk.
 */

import { assert, assertEquals } from "@std/assert";
import { TempDirectory } from "../support/temp_directory.ts";
import { cliCommand } from "./run_cli.ts";

const LINES: readonly (readonly string[])[] = [
  ["--help"],
  ["help", "trade"],
  ["--version"],
  ["completions", "bash"],
  ["watch", "--stub", "--duration", "0.2", "--json"],
  ["help", "native"],
  ["doctor", "--json"],
];

for (const line of LINES) {
  Deno.test({
    name: `cli.ts ${line.join(" ")} on a full disk ends with code 1 and one line`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const { code, stderr } = await shell(`${quoted(line)} > /dev/full`);
      assertEquals(code, 1);
      assertEquals(
        stderr.split("\n").filter((text) => text.startsWith("hftlive: ")),
        ["hftlive: Cannot write to standard output: No space left on device (os error 28)"],
      );
    },
  });

  Deno.test(`cli.ts ${line.join(" ")} | true says nothing about it`, async () => {
    await using directory = await TempDirectory.create();
    const path = directory.file("code");
    const { stderr } = await shell(`{ ${quoted(line)}; echo $? > ${path}; } | sleep 0`);
    assert(!stderr.includes("hftlive:"), stderr);
    // What it writes may be out before its reader has gone.
    assert([0, 141].includes(Number(await Deno.readTextFile(path))));
  });
}

Deno.test("a pipe that is closed ends a command that goes on, with code 141", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("code");
  const watch = quoted(["watch", "--stub", "--duration", "60"]);
  const { stdout, stderr } = await shell(`{ ${watch}; echo $? > ${path}; } | head -1`);
  assertEquals(stdout.split("\n").length, 2, stdout);
  assertEquals(stderr, "stub btcusdt: healthy, market data comes in\n");
  assertEquals(Number(await Deno.readTextFile(path)), 141);
});

function quoted(line: readonly string[]): string {
  return cliCommand(line, { permissions: ["-A"] }).map((word) => `'${word}'`).join(" ");
}

async function shell(script: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", script],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
