import { assertEquals, assertMatch } from "@std/assert";
import { commandProblem, isKnownFlag } from "./command_lines.ts";
import { shellCommands } from "./shell_words.ts";
import { spansOf } from "./spans.ts";

for (
  const line of [
    "./denow run cli.ts --stub --duration 5",
    "./denow run -P=trade cli.ts trade --strategy a.ts --stub --seed 7 --set a=1 --set b=2",
    "deno run jsr:@hftlive/hftlive@0.1.0/cli watch --live --connector NAME --symbol S --tick-size P --lot-size Q",
    "hftlive connector validate --type TYPE FILE",
    "hftlive completions bash",
    "hftlive watch --help",
    "./denow task bench --quick",
    "deno install --global --allow-all --name hftlive jsr:@hftlive/hftlive/cli",
    "./denow run -P=live bot.ts --anything",
    "hftlive --stub --duration $SECONDS",
    "curl --no-such-flag",
  ]
) {
  Deno.test(`a command line is fine: ${line}`, () => {
    assertEquals(commandProblem(shellCommands(line)[0]!), undefined);
  });
}

for (
  const [line, problem] of [
    ["./denow run cli.ts --stub --durration 5", /Unknown flag: --durration/],
    ["hftlive watch --stub --duration", /needs SECONDS/],
    ["hftlive watch --stub --duration 5s", /duration/],
    ["hftlive wach --stub", /Unknown command: wach/],
    ["hftlive connector", /needs one of/],
    ["hftlive watch --live", /connector/],
    ["hftlive watch --stub surplus", /too many arguments: surplus/],
    ["hftlive watch --stub --seed N --durration 5", /Unknown flag: --durration/],
    ["hftlive completions tcsh", /tcsh/],
    ["./denow task no-such-task", /no task no-such-task/],
    ["./denow run -P=no-such-set cli.ts --stub", /no permission set no-such-set/],
    ["./denow run -P=no-such-set bot.ts", /no permission set no-such-set/],
    ["DENOW_JSR=no ./denow run cli.ts --sub", /Unknown flag: --sub/],
  ] as const
) {
  Deno.test(`a command line is refused: ${line}`, () => {
    assertMatch(commandProblem(shellCommands(line)[0]!) ?? "", problem);
  });
}

Deno.test("in prose something may be missing, but nothing be wrong", () => {
  const problem = (text: string) => commandProblem(shellCommands(text)[0]!, { partial: true });
  assertEquals(problem("hftlive watch --live"), undefined);
  assertEquals(problem("hftlive watch --replay"), undefined);
  assertEquals(problem("hftlive connector"), undefined);
  assertMatch(problem("hftlive watch --liv") ?? "", /Unknown flag: --liv/);
});

Deno.test("flags of all commands are known, others are not", () => {
  assertEquals(["--stub", "--help", "--strategy", "--stubb"].map(isKnownFlag), [
    true,
    true,
    true,
    false,
  ]);
});

Deno.test("code spans go over lines and are found in tables, not in blocks", () => {
  const text = "a `b\nc` d\n- `e`\n\n| `f \\| g` | `` h`i `` |\n\n```sh\necho `j`\n```\n";
  assertEquals(spansOf({ path: "p.md", text }).map(({ place, text }) => `${place} ${text}`), [
    "p.md:1 b c",
    "p.md:3 e",
    "p.md:5 f | g",
    "p.md:5 h`i",
  ]);
});
