/** The shell blocks of all pages, run as they are written. */

import { blocksOf } from "./blocks.ts";
import { isRun, runPage } from "./page_run.ts";
import { PAGES } from "./pages.ts";

for (const page of PAGES) {
  const blocks = blocksOf(page);
  if (!blocks.some((block) => isRun(block))) continue;
  Deno.test(`the commands of ${page.path}`, (t) => runPage(t, blocks));
}
