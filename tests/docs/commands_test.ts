/** Command lines on all pages, in blocks that are run, in those that are not, and in prose. */

import { assertEquals } from "@std/assert";
import { blocksOf } from "./blocks.ts";
import { commandProblem, COMMANDS, isKnownFlag, lineProblem } from "./command_lines.ts";
import { PAGES } from "./pages.ts";
import { shellCommands } from "./shell_words.ts";
import { type Span, spansOf } from "./spans.ts";

/** Flags of other programs, and of tasks, that the prose tells of. */
const FOREIGN = /^--(allow-\w+|no-prompt|target|import-map|include|rounds)$/;

/** Words of a synopsis, which is no command line. */
const SYNOPSIS = /[[\]|<>]/;

const NAMES = COMMANDS.map(({ name }) => name).toSorted((a, b) => b.length - a.length);

for (const page of PAGES) {
  Deno.test(`the command lines of ${page.path} are such that can be typed`, () => {
    const problems = blocksOf(page).filter(({ language }) => language === "sh").flatMap((block) =>
      shellCommands(block.text).flatMap((words) => {
        const problem = commandProblem(words);
        return problem === undefined ? [] : [`${block.place}: ${words.join(" ")}: ${problem}`];
      })
    );
    assertEquals(problems, []);
  });

  Deno.test(`the commands and flags in the prose of ${page.path} exist`, () => {
    const problems = spansOf(page).flatMap((span) => {
      const problem = spanProblem(span);
      return problem === undefined ? [] : [`${span.place}: \`${span.text}\`: ${problem}`];
    });
    assertEquals(problems, []);
  });
}

function spanProblem({ text }: Span): string | undefined {
  if (SYNOPSIS.test(text)) return undefined;
  const words = (shellCommands(text)[0] ?? []).filter((word) => word !== "...");
  const [first = ""] = words;
  if (/^(\.\/denow|deno|hftlive|cli\.ts)$/.test(first)) {
    return commandProblem(words, { partial: true });
  }
  if (/^--[a-z]/.test(first)) {
    const flag = first.replace(/=.*/, "");
    return isKnownFlag(flag) || FOREIGN.test(flag) ? undefined : "no command has this flag";
  }
  const isCommand = NAMES.some((name) => text.startsWith(`${name} `));
  return isCommand && words.some((word) => word.startsWith("-"))
    ? lineProblem(words, { partial: true })
    : undefined;
}
