/**
 * Completion for zsh.
 *
 * @module
 */

import {
  type CommandSpec,
  type CompletionSpec,
  type FlagSpec,
  identifier,
  quoted,
  type ValueSpec,
  type WordSpec,
} from "./spec.ts";

/** The script that makes zsh complete a program's lines. */
export function zshScript(spec: CompletionSpec): string {
  const { program, commands, words, groups } = spec;
  const name = identifier(program);
  const first = commands[0]?.path ?? [];
  return `#compdef ${program}
# Completion of ${program} for zsh. Put it on fpath as _${program}, or load it after compinit with:
# source <(${program} completions zsh)

${name}() {
  local -a choices
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    choices=(
${choices(words)}    )
    _describe command choices
    return
  fi
  case $words[2] in
    -*)
      ${identifier(program, ...first)}
      ;;
${
    [...groups].map(([group, members]) =>
      `    ${group})
      if (( CURRENT == 3 )); then
        choices=(
${choices(members)}        )
        _describe command choices
        return
      fi
      ${name}_call "$words[2] $words[3]" 2
      ;;
`
    ).join("")
  }    *)
      ${name}_call "$words[2]" 1
      ;;
  esac
}

# Completes for the command $1, which $2 words call.
${name}_call() {
  shift $2 words
  (( CURRENT -= $2 ))
  case $1 in
${
    commands.map(({ path }) =>
      `    ${quoted(path.join(" "))}) ${identifier(program, ...path)} ;;\n`
    ).join("")
  }  esac
}

${name}_keyed() {
  compset -P '*='
  _files
}

${commands.map((command) => commandFunction(program, command)).join("\n")}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  ${name} "$@"
else
  compdef ${name} ${quoted(program)}
fi
`;
}

function choices(words: readonly WordSpec[]): string {
  return words.map(({ word, summary }) =>
    `      ${quoted(`${word}:${summary.replaceAll(":", "\\:")}`)}\n`
  ).join("");
}

function commandFunction(program: string, { path, flags, args }: CommandSpec): string {
  const lines = [
    ...flags.flatMap((flag) => flagLines(program, flag)),
    ...args.map((value, index) => quoted(`${index + 1}:${valueText(program, value)}`)),
  ];
  return `${identifier(program, ...path)}() {
  _arguments -s -S \\
${lines.map((line) => `    ${line}`).join(" \\\n")}
}
`;
}

function flagLines(
  program: string,
  { name, alias, description, value, repeatable }: FlagSpec,
): string[] {
  const names = alias === undefined ? [`--${name}`] : [`-${alias}`, `--${name}`];
  return names.map((flag) => {
    const others = repeatable ? "*" : `(${names.join(" ")})`;
    const takes = value === undefined ? "" : flag.startsWith("--") ? "=" : "+";
    const rest = value === undefined ? "" : `:${valueText(program, value)}`;
    return quoted(`${others}${flag}${takes}[${description.replace(/[[\]\\:]/g, "\\$&")}]${rest}`);
  });
}

function valueText(program: string, { name, kind, words, keyed }: ValueSpec): string {
  const action = {
    file: keyed ? `${identifier(program)}_keyed` : "_files",
    directory: "_files -/",
    words: `(${words.join(" ")})`,
    other: " ",
  }[kind];
  return `${name.replace(/[[\]\\:]/g, "\\$&")}:${action}`;
}
