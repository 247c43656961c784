import { assertEquals } from "@std/assert";
import { shellCommands } from "./shell_words.ts";

for (
  const [script, commands] of [
    ["one two\nthree", [["one", "two"], ["three"]]],
    ["a && b || c; d | e & f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]],
    ["a b \\\n  c   # d e", [["a", "b", "c"]]],
    ["a#b '# c' \"d; e\"", [["a#b", "# c", "d; e"]]],
    ["a 'b'\"c\"d \\' ''", [["a", "bcd", "'", ""]]],
    ["a > f 2>&1 >> g < h b", [["a", "b"]]],
    ["a 2> f 3 b", [["a", "3", "b"]]],
    ["a &> f b; c <<< d e", [["a", "b"], ["c", "e"]]],
    ["cat > f <<'END' g\nno\n  no too\nEND\nb", [["cat", "g"], ["b"]]],
    ["A=1 B='2 3' env time a C=4", [["a", "C=4"]]],
    ["if a; then b; fi", [["a"], ["b"], ["fi"]]],
    ['for x in 1 2; do a "$x"; done', [["for", "x", "in", "1", "2"], ["a", "$x"], ["done"]]],
    ['a "$(b --c "$(d)")" e', [["d"], ["b", "--c", "$(d)"], ["a", '$(b --c "$(d)")', "e"]]],
    ["a `b c` <(d)", [["b", "c"], ["d"], ["a", "`b c`", "<(d)"]]],
    ["(a; b)", [["a"], ["b"]]],
    ["A=1", []],
    ["# a\n\n", []],
  ] as const
) {
  Deno.test(`the commands of a script: ${JSON.stringify(script)}`, () => {
    assertEquals(shellCommands(script), commands.map((words) => [...words]));
  });
}
