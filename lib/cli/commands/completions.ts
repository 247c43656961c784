/**
 * `cli.ts completions`: prints what makes a shell complete command lines.
 *
 * @module
 */

import { suggest } from "../../suggest.ts";
import { type Command, defineCommand } from "../command.ts";
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

/**
 * The completions command.
 *
 * @param commands Gives the commands to complete, of which it is one.
 */
export function completions(commands: () => readonly Command[]): Command {
  return defineCommand({
    name: "completions",
    summary: "Print what makes bash, zsh or fish complete command lines",
    usage: [`${[...SCRIPTS.keys()].join("|")} [--name NAME]`],
    details: [
      "The shell then completes commands, flags, the words that a flag may have, and files. The " +
      "program has to be a command of its own: compiled, or installed with deno install --global.",
      "Put it where your shell looks for completions, as the examples show; the script's first " +
      "lines tell how to load it into a shell that runs.",
    ],
    flags: {
      name: {
        kind: "text",
        placeholder: "NAME",
        default: "hftlive",
        description: "What the program is called",
      },
    },
    args: [{ name: "SHELL", words: [...SCRIPTS.keys()] }],
    validate: ({ name }, [shell]) => {
      scriptOf(shell);
      if (!/^[\w.+-]+$/.test(name) || name.startsWith("-")) {
        throw new UsageError(
          `Cannot complete for --name ${name}: expected letters, digits and any of _ . + -`,
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
    run({ flags, stdout }, [shell]) {
      stdout.write(scriptOf(shell)(completionSpec(flags.name, commands())));
      return Promise.resolve(ExitCode.Done);
    },
  });
}

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
