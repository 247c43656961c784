import { assertEquals } from "@std/assert";
import { parse } from "smol-toml";
import { type KeyPath, locateKeys } from "../../lib/connector/config/key_lines.ts";

Deno.test("key lines: every kind of key and value", () => {
  const text = [
    "# comment = 1 [not a table]", // 1
    'plain = "a # not a comment"', // 2
    "\"quoted key\" = 'it = [x]'", // 3
    "'single' = 1 # after", // 4
    'a . b."c.d" = true', // 5
    'multi = """', // 6
    "inner = 1", // 7
    '[not_a_table]"""', // 8
    "literal = '''", // 9
    'fake = "1"', // 10
    "'''", // 11
    "list = [", // 12
    "  # a comment, with a ]", // 13
    "  1, 2,", // 14
    "  [3, { x = 4 }],", // 15
    "]", // 16
    "inline = { p = 1, q.r = 'y, z = 2', s = [] }", // 17
    "date = 1979-05-27 07:32:00", // 18
    "[table]", // 19
    "key = 1", // 20
    "[ table . 'sub table' ]", // 21
    "key = 2", // 22
    "[[item]]", // 23
    "name = 'first'", // 24
    "[item.nested]", // 25
    "deep = 1", // 26
    "[[item]]", // 27
    "name = 'second'", // 28
    "[[item.child]]", // 29
    "x = 1", // 30
    '"esc\\u0061\\"ped" = 1', // 31
    "last=0", // 32
  ].join("\n");
  // What is not TOML would prove nothing.
  parse(text);
  const expected: [KeyPath, number | undefined][] = [
    [["comment"], undefined],
    [["plain"], 2],
    [["quoted key"], 3],
    [["single"], 4],
    [["a"], 5],
    [["a", "b", "c.d"], 5],
    [["multi"], 6],
    [["inner"], undefined],
    [["not_a_table"], undefined],
    [["literal"], 9],
    [["fake"], undefined],
    [["list"], 12],
    [["list", 0], 14],
    [["list", 2], 15],
    [["list", 2, 1, "x"], 15],
    [["inline", "p"], 17],
    [["inline", "q", "r"], 17],
    [["inline", "z"], undefined],
    [["inline", "s"], 17],
    [["date"], 18],
    [["table"], 19],
    [["table", "key"], 20],
    [["table", "sub table"], 21],
    [["table", "sub table", "key"], 22],
    [["item"], 23],
    [["item", 0], 23],
    [["item", 0, "name"], 24],
    [["item", 0, "nested", "deep"], 26],
    [["item", 1], 27],
    [["item", 1, "name"], 28],
    [["item", 1, "child", 0, "x"], 30],
    [["item", 1, "child", 0, 'esca"ped'], 31],
    [["item", 1, "child", 0, "last"], 32],
  ];
  for (const ending of ["\n", "\r\n"]) {
    const lineOf = locateKeys(text.replaceAll("\n", ending));
    assertEquals(expected.map(([path]) => [path, lineOf(path)]), expected);
  }
});

Deno.test("key lines: text that is no TOML comes to an end", () => {
  for (const text of ["[", "[[", "a", "a =", "a = [", "a = {", 'a = "', "=", "a = ]", "{", '"""']) {
    locateKeys(text);
    locateKeys(`${text}\n${text}`);
  }
});
