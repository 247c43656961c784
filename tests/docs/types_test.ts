/** TypeScript on the pages that `deno test --doc` passes over: its types are right. */

import { assertEquals, assertMatch } from "@std/assert";
import { blocksOf } from "./blocks.ts";
import { PAGES } from "./pages.ts";
import { ProjectCopy } from "./project_copy.ts";
import { ShellProcess } from "./shell_process.ts";

/** To see that the check does check. */
const WRONG = 'import { StubBot } from "@hftlive/hftlive";\nnew StubBot(7);\n';

Deno.test("TypeScript that is not run as a test has right types", async () => {
  await using copy = await ProjectCopy.create();
  const blocks = PAGES.flatMap(blocksOf)
    .filter(({ language, ignored }) => language === "ts" && ignored);
  const texts = [WRONG, ...blocks.map(({ text }) => `${text}\n`)];
  for (const [index, text] of texts.entries()) {
    await Deno.writeTextFile(copy.file(`block_${index}.ts`), text);
  }
  await using check = new ShellProcess("./denow check block_*.ts", copy.surroundings);
  const { output } = await check.finish();
  const places = [...output.matchAll(/block_(\d+)\.ts:\d+:\d+/g)]
    .map(([, index]) => blocks[Number(index) - 1]?.place);
  assertEquals(places, [undefined], output);
  assertMatch(output, /TS\d+.*\n.*new StubBot\(7\)/);
});
