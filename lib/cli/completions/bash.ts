/**
 * Completion for bash, 3.2 or newer.
 *
 * @module
 */

import {
  type CommandSpec,
  type CompletionSpec,
  identifier,
  quoted,
  type ValueSpec,
  type WordSpec,
} from "./spec.ts";

/** The script that makes bash complete a program's lines. */
export function bashScript(spec: CompletionSpec): string {
  const { program, commands, words, groups } = spec;
  const name = identifier(program);
  const first = commands[0]?.path.join(" ") ?? "";
  return `# Completion of ${program} for bash. Load it with: source <(${program} completions bash)

${name}() {
  COMPREPLY=()
  # Bash takes "=" and ":" for words of their own: put together again what was typed as one.
  local typed=() n=0 i word together=
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $n -gt 0 && ( $together || $word == [=:]* ) ]]; then
      typed[n - 1]+=$word
    else
      typed[n]=$word
      n=$((n + 1))
    fi
    together=
    [[ $word == *[=:] ]] && together=yes
  done
  local cur=\${typed[n - 1]} command=${quoted(first)} start=0

  if [[ $n -eq 1 && $cur != -* ]]; then
    ${name}_words ${wordList(words)}
    return
  fi
  case \${typed[0]} in
    -*) ;;
${
    [...groups].map(([group, members]) =>
      `    ${group})
      if [[ $n -eq 2 ]]; then
        ${name}_words ${wordList(members)}
        return
      fi
      command="${group} \${typed[1]}" start=2
      ;;
`
    ).join("")
  }    *) command=\${typed[0]} start=1 ;;
  esac

  local flags= valued= repeatable= arguments=()
  case $command in
${commands.map(commandCase).join("")}    *) return ;;
  esac

  # Which flags are there already, which argument this is, and whose value.
  local used=' ' count=0 flag=
  for ((i = start; i < n - 1; i++)); do
    word=\${typed[i]}
    if [[ $flag ]]; then
      flag=
    elif [[ $word == -*=* ]]; then
      used+="\${word%%=*} "
    elif [[ $word == -* ]]; then
      used+="$word "
      [[ " $valued " == *" $word "* ]] && flag=$word
    else
      count=$((count + 1))
    fi
  done
  if [[ -z $flag && $cur == --*=* ]]; then
    flag=\${cur%%=*}
    cur=\${cur#*=}
  fi

  local kind=
  if [[ $flag ]]; then
    ${name}_value "$command" "$flag"
  elif [[ $cur != -* && $count -lt \${#arguments[@]} ]]; then
    kind=\${arguments[count]}
  else
    local left=
    for word in $flags; do
      [[ $used == *" $word "* && " $repeatable " != *" $word "* ]] || left+="$word "
    done
    kind="words $left"
  fi
  case $kind in
    words*) ${name}_words "\${kind#words }" ;;
    file) ${name}_paths -f ;;
    keyed) cur=\${cur##*=}; ${name}_paths -f ;;
    directory) ${name}_paths -d ;;
  esac
}

# Sets kind to what the value of a flag may be.
${name}_value() {
  case "$1 $2" in
${commands.map(valueCases).join("")}    *) kind=other ;;
  esac
}

${name}_words() {
  local word
  for word in $1; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
  done
}

${name}_paths() {
  local path
  # Bash 3.2 has no compopt, and then adds no slash to directories.
  compopt -o filenames 2> /dev/null
  while IFS= read -r path; do
    COMPREPLY+=("$path")
  done < <(compgen "$1" -- "$cur")
}

complete -F ${name} ${quoted(program)}
`;
}

function wordList(words: readonly WordSpec[]): string {
  return quoted(words.map(({ word }) => word).join(" "));
}

function commandCase({ path, flags, args }: CommandSpec): string {
  const list = (names: readonly string[]): string => quoted(names.join(" "));
  const spellings = flags.flatMap(({ name, alias, value }) =>
    value === undefined ? [] : [`--${name}`, ...alias === undefined ? [] : [`-${alias}`]]
  );
  const repeatable = flags.filter((flag) => flag.repeatable).map(({ name }) => `--${name}`);
  const kinds = args.map((value) => quoted(kindOf(value))).join(" ");
  return `    ${quoted(path.join(" "))})
      flags=${list(flags.map(({ name }) => `--${name}`))}
      valued=${list(spellings)}
      repeatable=${list(repeatable)}
      arguments=(${kinds})
      ;;
`;
}

function valueCases({ path, flags }: CommandSpec): string {
  return flags.map(({ name, alias, value }) => {
    if (value === undefined || value.kind === "other") return "";
    const lines = [`--${name}`, ...alias === undefined ? [] : [`-${alias}`]]
      .map((flag) => quoted(`${path.join(" ")} ${flag}`));
    return `    ${lines.join(" | ")}) kind=${quoted(kindOf(value))} ;;\n`;
  }).join("");
}

function kindOf({ kind, words, keyed }: ValueSpec): string {
  return kind === "words" ? `words ${words.join(" ")}` : keyed ? "keyed" : kind;
}
