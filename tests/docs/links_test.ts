/** Links and anchors of all pages. */

import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { anchorsOf, type Link, linksOf } from "./links.ts";
import { PAGES } from "./pages.ts";
import { ROOT } from "../repo/run.ts";

for (const page of PAGES) {
  Deno.test(`the links of ${page.path} lead somewhere`, () => {
    const problems = linksOf(page).flatMap((link) => {
      const problem = linkProblem(page.path, link);
      return problem === undefined
        ? []
        : [`${link.place}: ${link.path}#${link.anchor}: ${problem}`];
    });
    assertEquals(problems, []);
  });
}

Deno.test("a link to a missing page or heading is found", () => {
  const lookAt = (text: string) =>
    linksOf({ path: "docs/page.md", text }).map((link) => linkProblem("docs/page.md", link));
  assertEquals(lookAt("[a](no.md) and [b](abi.md#no)"), ["no such file", "no such heading"]);
  assertEquals(lookAt("[a](abi.md#the-batch), [b](../README.md) ![c](../LICENSE)"), [
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("links to other sites and in code are left out", () => {
  const text = "[a](https://example.com) `[b](c.md)`\n\n```text\n[d](e.md)\n```\n";
  assertEquals(linksOf({ path: "p.md", text }), []);
});

Deno.test("headings make the anchors that GitHub gives them", () => {
  const text = "# One\n## `deno task ok`: what, and why?\n## One\n## [A](b.md) link\ntext\n";
  assertEquals([...anchorsOf({ text })], ["one", "deno-task-ok-what-and-why", "one-1", "a-link"]);
});

function linkProblem(from: string, { path, anchor }: Link): string | undefined {
  const target = path === "" ? from : join(dirname(from), path);
  try {
    Deno.statSync(`${ROOT}/${target}`);
  } catch {
    return "no such file";
  }
  if (anchor === "" || !target.endsWith(".md")) return undefined;
  const text = Deno.readTextFileSync(`${ROOT}/${target}`);
  return anchorsOf({ text }).has(anchor) ? undefined : "no such heading";
}
