/**
 * Completion for fish.
 *
 * @module
 */

import {
  type CommandSpec,
  type CompletionSpec,
  type FlagSpec,
  identifier,
  type ValueSpec,
} from "./spec.ts";

/** The script that makes fish complete a program's lines. */
export function fishScript(spec: CompletionSpec): string {
  const { program, commands, words, groups } = spec;
  const name = `_${identifier(program)}`;
  const complete = `complete -c ${quotedFish(program)}`;
  const first = commands[0]?.path.join(" ") ?? "";
  const groupNames = [...groups.keys()].map(quotedFish).join(" ");
  const top = words.map(({ word, summary }) =>
    `${complete} -n ${quotedFish(`${name}_before ''`)} -a ${word} -d ${quotedFish(summary)}`
  );
  const members = [...groups].flatMap(([group, list]) =>
    list.map(({ word, summary }) =>
      `${complete} -n ${quotedFish(`${name}_before ${group}`)} -a ${word} ` +
      `-d ${quotedFish(summary)}`
    )
  );
  return `# Completion of ${program} for fish. Load it with: ${program} completions fish | source

# Whether the words typed so far are just these.
function ${name}_before
    set -l typed (commandline -opc)[2..]
    test "$typed" = "$argv"
end

# Whether the line calls this command.
function ${name}_in
    set -l typed (commandline -opc)[2..]
    set -l command $typed[1]
    if not set -q typed[1]; or string match -q -- '-*' $typed[1]
        set command ${quotedFish(first)}
    else if contains -- $typed[1] ${groupNames}
        set command "$typed[1] $typed[2]"
    end
    test "$command" = "$argv"
end

# Whether this is argument $argv[2] of the command $argv[1], whose flags with values are the rest.
function ${name}_at
    ${name}_in $argv[1]; or return 1
    set -l typed (commandline -opc)[2..]
    set -l count (math 1 - (count (string split ' ' -- $argv[1])))
    set -l is_value no
    for word in $typed[2..]
        if test $is_value = yes
            set is_value no
        else if contains -- $word $argv[3..]
            set is_value yes
        else if not string match -q -- '-*' $word
            set count (math $count + 1)
        end
    end
    test $is_value = no; and test $count -eq $argv[2]
end

${complete} -f
${[...top, ...members].join("\n")}
${commands.map((command) => commandLines(complete, name, command).join("\n")).join("\n")}
`;
}

function commandLines(complete: string, name: string, command: CommandSpec): string[] {
  const { path, flags, args } = command;
  const call = path.join(" ");
  const valued = flags.flatMap(({ name, alias, value }) =>
    value === undefined ? [] : [`--${name}`, ...alias === undefined ? [] : [`-${alias}`]]
  );
  return [
    ...flags.map((flag) =>
      `${complete} -n ${quotedFish(`${name}_in ${quotedFish(call)}`)} ${flagText(flag)}`
    ),
    ...args.flatMap((value, index) => {
      const text = argumentText(value);
      const at = `${name}_at ${quotedFish(call)} ${index} ${valued.join(" ")}`;
      return text === "" ? [] : [`${complete} -n ${quotedFish(at)} ${text}`];
    }),
  ];
}

function flagText({ name, alias, description, value }: FlagSpec): string {
  const short = alias === undefined ? "" : ` -s ${alias}`;
  const needs = value === undefined ? "" : value.kind === "file" ? " -r -F" : " -x";
  const words = value === undefined || value.kind === "file" ? "" : argumentText(value);
  return `-l ${name}${short} -d ${quotedFish(description)}${needs} ${words}`.trimEnd();
}

function argumentText({ kind, words }: ValueSpec): string {
  switch (kind) {
    case "file":
      return "-F";
    case "directory":
      return "-a '(__fish_complete_directories)'";
    case "words":
      return `-a ${quotedFish(words.join(" "))}`;
    case "other":
      return "";
  }
}

/** A text as one word of fish, whose single quotes know two escapes. */
function quotedFish(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
