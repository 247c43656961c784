/**
 * `cli.ts completions`: prints what makes a shell complete command lines.
 *
 * @module
 */

import { suggest } from "../../suggest.ts";
import { type AnyDeclaration, defineCommand } from "../command.ts";
import { loadCommands } from "../commands.ts";
import { bashScript } from "../completions/bash.ts";
import { fishScript } from "../completions/fish.ts";
import { type CompletionSpec, completionSpec } from "../completions/spec.ts";
import { zshScript } from "../completions/zsh.ts";
import { ExitCode, UsageError } from "../exit.ts";

const SCRIPTS: ReadonlyMap<string, (spec: CompletionSpec) => string> = new Map([
  ["bash", bashScript],
  ["zsh", zshScript],
  ["fish", fishScript],
]);

/** The completions command. */
export const completions: AnyDeclaration = defineCommand({
  usage: [`${[...SCRIPTS.keys()].join("|")} [--program NAME]`],
  details: [
    "The shell then completes commands, flags, the words that a flag may have, and files. The " +
    "program has to be a command of its own: compiled, or installed with deno install --global.",
    "Put it where your shell looks for completions, as the examples show; the script's first " +
    "lines tell how to load it into a shell that runs.",
  ],
  flags: {
    program: {
      kind: "text",
      placeholder: "NAME",
      default: "hftlive",
      description: "What the program is called",
    },
  },
  args: [{ name: "SHELL", words: [...SCRIPTS.keys()] }],
  validate: ({ program: name }, [shell]) => {
    scriptOf(shell);
    if (!/^[\w.+-]+$/.test(name) || name.startsWith("-")) {
      throw new UsageError(
        `Cannot complete for --program ${name}: expected letters, digits and any of _ . + -`,
      );
    }
  },
  examples: [
    {
      args: "bash > ~/.local/share/bash-completion/completions/hftlive",
      description: "For bash",
    },
    { args: "zsh > ~/.zfunc/_hftlive", description: "For zsh, with ~/.zfunc on its fpath" },
    { args: "fish > ~/.config/fish/completions/hftlive.fish", description: "For fish" },
  ],
  async run({ flags, stdout }, [shell]) {
    stdout.write(scriptOf(shell)(completionSpec(flags.program, await loadCommands())));
    return ExitCode.Done;
  },
});

function scriptOf(shell: string | undefined): (spec: CompletionSpec) => string {
  const known = [...SCRIPTS.keys()];
  if (shell === undefined) {
    throw new UsageError(`Missing argument: completions needs one of ${known.join(", ")}`);
  }
  const script = SCRIPTS.get(shell);
  if (script) return script;
  const near = suggest(shell, known);
  throw new UsageError(
    `Unknown shell: ${shell} (there are ${known.join(", ")})` +
      (near === undefined ? "" : `, did you mean ${near}?`),
  );
}
