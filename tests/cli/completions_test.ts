import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { loadCommands } from "../../lib/cli/commands.ts";
import { programMissing } from "../support/programs.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { runCli } from "./run_cli.ts";

const commands = await loadCommands();

/** Line up to the cursor, and what is offered; or what must be among the offers. */
interface Question {
  readonly line: string;
  readonly offers?: readonly string[];
  readonly includes?: readonly string[];
  readonly excludes?: readonly string[];
}

const FILES = ["data.gz", "data two.gz", "notes.txt"];

const QUESTIONS: readonly Question[] = [
  { line: "hftlive ", includes: ["watch", "native", "connector", "completions", "help"] },
  { line: "hftlive wa", offers: ["watch"] },
  { line: "hftlive native ", offers: ["build", "info", "install", "path"] },
  { line: "hftlive connector re", offers: ["restart"] },
  { line: "hftlive --stu", offers: ["--stub"] },
  { line: "hftlive watch --dur", offers: ["--duration"] },
  { line: "hftlive watch --idle b", offers: ["backoff", "busySpin"] },
  { line: "hftlive watch --log-level ", offers: ["debug", "error", "info", "warn"] },
  { line: "hftlive watch --duration ", offers: [] },
  { line: "hftlive watch --replay no", offers: ["notes.txt"] },
  { line: "hftlive watch --replay data", includes: ["data.gz"] },
  { line: "hftlive watch --stub --stu", offers: [] },
  { line: "hftlive watch --symbol a --sym", offers: ["--symbol"] },
  { line: "hftlive record --output s", offers: ["sub"] },
  { line: "hftlive connector init bi", offers: ["binancefutures", "binancespot"] },
  { line: "hftlive connector run bf --level fresh by", offers: ["bybit"] },
  { line: "hftlive connector run bf bybit no", offers: ["notes.txt"] },
  { line: "hftlive connector validate --type by", offers: ["bybit"] },
  { line: "hftlive native build --f", offers: ["--force"] },
  { line: "hftlive help con", offers: ["connector"] },
  { line: "hftlive completions ", includes: ["bash", "zsh", "fish"], excludes: ["watch"] },
];

Deno.test("bash completes what the commands declare", async (t) => {
  await withScript("bash", async ({ script, directory }) => {
    const ask = (line: string): Promise<string[]> =>
      offers("bash", [BASH_DRIVER], {
        ...{ SCRIPT: script, LINE: line },
        directory,
      });
    await askAll(t, QUESTIONS, ask);
    await t.step("values after =, and keys before them", async () => {
      assertEquals(await ask("hftlive watch --idle=ba"), ["backoff"]);
      assertEquals(await ask("hftlive watch --replay=no"), ["notes.txt"]);
      assertEquals(await ask("hftlive watch --replay btcusdt=no"), ["notes.txt"]);
      assertEquals(await ask("hftlive watch --instrument a:b:0.1:1 --stu"), ["--stub"]);
      assertEquals(await ask("hftlive watch --replay data"), ["data two.gz", "data.gz"]);
    });
    await t.step("every command has its flags", async () => {
      for (const { name, flags } of commands) {
        const given = await ask(`hftlive ${name} --`);
        for (const flag of Object.keys(flags)) assert(given.includes(`--${flag}`), flag);
      }
    });
  });
});

Deno.test({
  name: "zsh completes what the commands declare",
  ignore: await isMissing("zsh"),
  fn: (t) =>
    withScript("zsh", async ({ script, directory }) => {
      const driver = `${directory}/../driver.zsh`;
      await Deno.writeTextFile(driver, ZSH_DRIVER);
      // Where a flag was given already, zsh offers it again if nothing else begins with it.
      const questions = QUESTIONS.filter(({ line }) => !line.endsWith("--stub --stu"));
      await askAll(t, questions, (line) =>
        offers("zsh", ["-f", driver], {
          ...{ SCRIPT: script, LINE: line, OUT: `${directory}/../out` },
          directory,
        }));
    }),
});

Deno.test({
  name: "fish completes what the commands declare",
  ignore: await isMissing("fish"),
  fn: (t) =>
    withScript("fish", async ({ script, directory }) => {
      // Fish offers a flag again that was given already.
      const questions = QUESTIONS.filter(({ line }) => !line.endsWith("--stub --stu"));
      await askAll(t, questions, (line) =>
        offers("fish", ["-N", "-c", 'source $SCRIPT; complete -C "$LINE" | cut -f 1'], {
          ...{ SCRIPT: script, LINE: line },
          directory,
        }));
    }),
});

Deno.test("completions asks for a shell it knows", async () => {
  for (
    const [args, message] of [
      [[], "Missing argument: completions needs one of bash, zsh, fish"],
      [["fihs"], "Unknown shell: fihs (there are bash, zsh, fish), did you mean fish?"],
      [
        ["bash", "--program", "a b"],
        "Cannot complete for --program a b: expected letters, digits and any of _ . + -",
      ],
    ] as const
  ) {
    const { code, stderr } = await runCli(["completions", ...args]);
    assertEquals([code, stderr], [2, `hftlive: ${message}\n`]);
  }
});

Deno.test("a script completes the program that it was made for", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await runCli(["completions", shell, "--program", "my-bot.v2"]);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "my-bot.v2");
    assert(!stdout.includes("hftlive completions"), shell);
  }
});

async function askAll(
  t: Deno.TestContext,
  questions: readonly Question[],
  ask: (line: string) => Promise<string[]>,
): Promise<void> {
  for (const { line, offers, includes = [], excludes = [] } of questions) {
    await t.step(line, async () => {
      const given = await ask(line);
      if (offers) assertEquals(given, [...offers].sort());
      for (const word of includes) assert(given.includes(word), `${word} in ${given.join(" ")}`);
      for (const word of excludes) assert(!given.includes(word), `${word} in ${given.join(" ")}`);
    });
  }
}

/** Runs with a shell's script, and a directory that has some files to complete. */
async function withScript(
  shell: string,
  run: (place: { script: string; directory: string }) => Promise<void>,
): Promise<void> {
  await using place = await TempDirectory.create();
  const { code, stdout, stderr } = await runCli(["completions", shell]);
  assertEquals(code, 0, stderr);
  const script = await place.write("script", stdout);
  const directory = place.file("files");
  await Deno.mkdir(`${directory}/sub`, { recursive: true });
  for (const file of FILES) await Deno.writeTextFile(`${directory}/${file}`, "");
  await run({ script, directory });
}

/** What a shell prints, a sorted list of its lines without doubles. */
async function offers(
  shell: string,
  args: readonly string[],
  { directory, ...env }: { readonly directory: string } & Readonly<Record<string, string>>,
): Promise<string[]> {
  const options = shell === "bash" ? ["--norc", "--noprofile", "-c"] : [];
  const { success, stdout, stderr } = await new Deno.Command(shell, {
    args: [...options, ...args],
    cwd: directory,
    env: { ...env, HOME: directory, TERM: "dumb" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stderr));
  assertEquals(decoder.decode(stderr), "");
  const lines = decoder.decode(stdout).split("\n").filter((line) => line !== "");
  return [...new Set(lines.map((line) => line.replace(/[/ ]$/, "")))].sort();
}

async function isMissing(shell: string): Promise<boolean> {
  if (await programMissing(shell) === undefined) return false;
  console.log(`completions_test: no ${shell} here, its completion is not run`);
  return true;
}

/** Splits a line as readline does, and calls the function that the script registered. */
const BASH_DRIVER = String.raw`
source "$SCRIPT"
read -r _ _ function _ <<< "$(complete -p hftlive)"
rest=$LINE COMP_WORDS=() word=
while [[ $rest ]]; do
  char=${"${rest:0:1}"} rest=${"${rest:1}"}
  case $char in
    ' ') [[ $word ]] && COMP_WORDS+=("$word"); word= ;;
    [=:])
      if [[ $word && $word != *[=:] ]]; then COMP_WORDS+=("$word"); word=; fi
      word+=$char
      ;;
    *)
      if [[ $word == *[=:] ]]; then COMP_WORDS+=("$word"); word=; fi
      word+=$char
      ;;
  esac
done
COMP_WORDS+=("$word")
COMP_CWORD=$((${"${#COMP_WORDS[@]}"} - 1))
"$function"
[[ ${"${#COMPREPLY[@]}"} -eq 0 ]] || printf '%s\n' "${"${COMPREPLY[@]}"}"
`;

/** Types a line into an interactive zsh, presses Tab, and prints what the completion adds. */
const ZSH_DRIVER = String.raw`
zmodload zsh/zpty
inner() {
  autoload -U compinit && compinit -u -D
  source $SCRIPT
  compadd() {
    if [[ ${"${@[1,(i)(-|--)]}"} == *-(O|A|D)\ * ]]; then
      builtin compadd "$@"
      return $?
    fi
    local -a hits
    builtin compadd -A hits "$@"
    (( $#hits )) && print -rl -- $hits >> $OUT
    builtin compadd "$@"
  }
  ask() {
    zle complete-word
    print done >> $OUT
    exit
  }
  zle -C complete-word complete-word _main_complete
  zle -N ask
  bindkey '^I' ask
  PS1=
}
rm -f $OUT
zpty shell zsh -f -i
zpty -w shell "$(functions inner); inner"
zpty -w -n shell "$LINE"$'\t'
until [[ -e $OUT && $(tail -n 1 $OUT) == done ]]; do
  zpty -r -t shell output || sleep 0.05
done
zpty -d shell
sed '$d' $OUT
`;
