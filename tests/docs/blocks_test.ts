/** Every block of every page is run or checked by something; and the parts that do so find what is wrong. */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { blockProblems } from "./block_rules.ts";
import { type Block, blocksOf } from "./blocks.ts";
import { PAGES } from "./pages.ts";

for (const page of PAGES) {
  Deno.test(`every block of ${page.path} is run or checked`, async () => {
    assertEquals(await blockProblems(blocksOf(page)), []);
  });
}

Deno.test("a block has its place, its language and its text", () => {
  const text = "# A\n\n```sh\none\n\n  two\n```\n\n- b\n  ```ts ignore\n  three\n    four\n  ```\n";
  const [first, second] = blocksIn(text);
  assertEquals(first, {
    place: "docs/page.md:3",
    language: "sh",
    ignored: false,
    instruction: { needs: [], exit: 0 },
    text: "one\n\n  two",
  });
  assertEquals(second?.ignored, true);
  assertEquals(second?.text, "three\n  four");
});

Deno.test("a fence is closed by one that is as long", () => {
  const [block, ...others] = blocksIn("````text\n```sh\nno\n```\n````\n");
  assertEquals(block?.text, "```sh\nno\n```");
  assertEquals(others, []);
});

Deno.test("the comment on the line before steers a block, and no other", () => {
  const [first, second] = blocksIn(
    '<!-- run: needs=native,data background until="is ready" -->\n```sh\na\n```\n```sh\nb\n```\n',
  );
  assertEquals(first?.instruction, { needs: ["native", "data"], exit: 0, background: "is ready" });
  assertEquals(second?.instruction, { needs: [], exit: 0 });
});

Deno.test("a comment may set the exit code, save the block, ask for a connector, or keep it from running", () => {
  const instruction = (comment: string) => {
    const [block] = blocksIn(`<!-- ${comment} -->\n\`\`\`sh\na\n\`\`\`\n`);
    return block?.instruction;
  };
  assertEquals(instruction("run: exit=3"), { needs: [], exit: 3 });
  assertEquals(instruction("run: file=a/b.ts"), { needs: [], exit: 0, file: "a/b.ts" });
  assertEquals(instruction("run: connector=bf"), { needs: ["native"], exit: 0, connector: "bf" });
  assertEquals(instruction("not run: it compiles for minutes"), {
    needs: [],
    exit: 0,
    notRun: "it compiles for minutes",
  });
});

for (
  const [comment, message] of [
    ["run:", /nothing after the colon/],
    ["run needs=native", /no colon/],
    ["run: needs=nativ", /unknown need: nativ/],
    ["run: need=native", /cannot understand/],
    ["run: background", /come together/],
    ['run: until="a"', /come together/],
    ["run: exit=x", /no exit code/],
    ["run: exit=1 exit=2", /more than once/],
    ["run: file=../x", /outside/],
    ["not run:", /without a reason/],
    ["not run: no", /without a reason/],
  ] as const
) {
  Deno.test(`a comment that cannot be understood is refused: ${comment}`, () => {
    const text = `\n<!-- ${comment} -->\n\`\`\`sh\na\n\`\`\`\n`;
    const { message: told } = assertThrows(() => blocksIn(text), Error);
    assertMatch(told, /^docs\/page\.md:3: /);
    assertMatch(told, message);
  });
}

Deno.test("a comment without its block, and a block without its end, are refused", () => {
  assertThrows(
    () => blocksIn("<!-- run: exit=1 -->\n\n```sh\na\n```\n"),
    Error,
    "no block follows",
  );
  assertThrows(() => blocksIn("<!-- run: exit=1 --> and text\n"), Error, "alone on one line");
  assertEquals(blocksIn("as in `<!-- run: exit=1 -->`\n"), []);
  assertThrows(() => blocksIn("a\n```sh\nb\n"), Error, "2: the block has no end");
});

for (
  const [title, text, problem] of [
    ["no language", "```\na\n```", /without a language/],
    ["an unknown language", "```ruby\na\n```", /nothing checks ruby/],
    ["shell that is none", "```sh\nif true\n```", /syntax error/],
    ["shell that is not run, without a reason", "```sh ignore\na\n```", /say why/],
    ["TypeScript that is not run, without a reason", "```ts ignore\na\n```", /say why/],
    ["a reason, and it is run", "<!-- not run: it takes minutes -->\n```sh\na\n```", /it is run/],
    ["steering of what is not run", "<!-- run: exit=1 -->\n```text\na\n```", /only a shell block/],
    ["a file that nobody uses", "<!-- run: file=a.ts -->\n```ts\na\n```", /no later block uses/],
    ["a recording that may be missing", "```sh\ncat btcusdt.gz\n```", /needs=data/],
    ["TOML that is none", "```toml\na = \n```", /TOML/],
    [
      "a connector's unknown key",
      '```toml\napi_url = "https://a.b"\nkey = "x"\n```',
      /unknown key/,
    ],
    ["a file of connectors without a type", '```toml\n[[connector]]\nname = "a"\n```', /type/],
    ["JSON that is none", "```json\n{a}\n```", /JSON/],
    ["YAML that is none", "```yaml\na: [\n```", /./],
  ] as const
) {
  Deno.test(`a block is refused: ${title}`, async () => {
    const [told = "", ...others] = await blockProblems(blocksIn(`${text}\n`));
    assertMatch(told, problem);
    assertEquals(others, []);
  });
}

Deno.test("lines of JSON, a connector's configuration and a file that is used are fine", async () => {
  const blocks = blocksIn([
    '```json\n{"a":1}\n{"b":2}\n```',
    '```toml\nstream_url = "wss://fstream.binance.com/ws"\napi_url = "https://fapi.binance.com"\n```',
    "<!-- run: file=a.ts -->\n```ts ignore\nb\n```\n\n```sh\n./denow run a.ts\n```",
    "",
  ].join("\n\n"));
  assertEquals(await blockProblems(blocks), []);
});

function blocksIn(text: string): Block[] {
  return blocksOf({ path: "docs/page.md", text });
}
