import { assert, assertEquals } from "@std/assert";
import { columnsOf, plain, styles, truncate } from "../../lib/cli/ansi.ts";
import { COMMANDS, loadCommands } from "../../lib/cli/commands.ts";
import { helpFor } from "../../lib/cli/help.ts";
import { Page, wrap } from "../../lib/cli/page.ts";

const commands = await loadCommands();

const options = { columns: 80, style: styles(false) };

Deno.test("wrap breaks at spaces and keeps long words whole", () => {
  assertEquals(wrap("one two three", 7), ["one two", "three"]);
  assertEquals(wrap("averylongword b", 5), ["averylongword", "b"]);
  assertEquals(wrap("", 5), [""]);
});

Deno.test("truncate counts columns, not codes, and keeps the codes", () => {
  const { red } = styles(true);
  assertEquals(truncate("short", 5), "short");
  assertEquals(truncate("longer", 5), "long…");
  const cut = truncate(`${red("abc")}def`, 5);
  assertEquals(plain(cut), "abcd…");
  assert(cut.includes("\x1b[39m"), "the colour is switched off again");
  assertEquals(plain(truncate(red("abcdef"), 3)), "ab…");
});

Deno.test("styles without colour leave text alone", () => {
  assertEquals(styles(false).bold("x"), "x");
});

Deno.test("a table aligns its text, and puts it below in a narrow terminal", () => {
  const rows = [["--a", "first"], ["--longer", "second"]] as const;
  const wide = new Page(options);
  wide.table(rows);
  assertEquals(wide.text(), "  --a       first\n  --longer  second\n");
  const narrow = new Page({ ...options, columns: 40 });
  narrow.table([["--a-flag-with-a-long-name", "first"]]);
  assertEquals(narrow.text(), "  --a-flag-with-a-long-name\n      first\n");
});

for (const columns of [40, 80, 200]) {
  Deno.test(`every help text fits ${columns} columns`, async () => {
    for (const words of [[], ["native"], ...commands.map(({ name }) => name.split(" "))]) {
      const lines = (await helpFor(words, COMMANDS, { ...options, columns })).split("\n");
      const examples = new Set(
        lines.filter((line) => /^ {4}(deno run|hftlive)|^ {8}(--|> )/.test(line)),
      );
      for (const line of lines) {
        const words = line.trim().split(" ");
        // A word that is too long, and a flag with its value in a command line, keep their line.
        if (examples.has(line) || words.length === 1) continue;
        assert(columnsOf(line) <= Math.min(columns, 100), `too long: ${line}`);
      }
    }
  });
}

Deno.test("every command explains itself", async () => {
  for (const { name, summary, flags, examples } of commands) {
    const text = await helpFor(name.split(" "), COMMANDS, options);
    assert(text.includes(summary), `${name} has its summary`);
    for (const flag of Object.keys(flags)) assert(text.includes(`--${flag}`), `${name} --${flag}`);
    assert(examples.length > 0, `${name} has an example`);
    assert(!/\.$/m.test(summary), `${name}: no full stop in a summary`);
  }
  const all = await helpFor([], COMMANDS, options);
  for (const { name } of commands) assert(all.includes(name), `the overview has ${name}`);
});
