/**
 * Splits a shell script into commands and their words, as far as the documentation needs it.
 *
 * @module
 */

const PAIRS: Readonly<Record<string, string>> = { "(": ")", "`": "`" };

/** Words that may stand before a command. */
const BEFORE = new Set([
  ..."if while until do then else elif ! { time exec env command nohup sudo".split(" "),
]);

/**
 * Splits a script.
 *
 * @param script Its text.
 * @returns The words of each command, without quotes, redirections, assignments and keywords before it; commands in
 * `$(...)` come before the one they stand in. Variables stay as they are written.
 */
export function shellCommands(script: string): string[][] {
  return new Splitter(script).split();
}

class Splitter {
  readonly #text: string;
  readonly #commands: string[][] = [];
  readonly #heredocs: string[] = [];
  #words: string[] = [];
  #word: string | undefined;
  #redirected = false;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  split(): string[][] {
    while (this.#at < this.#text.length) this.#step();
    this.#endCommand();
    return this.#commands;
  }

  #step(): void {
    const char = this.#text[this.#at]!;
    const rest = this.#text.slice(this.#at);
    if (rest.startsWith("\\\n")) this.#at += 2;
    else if (char === "\\") this.#take(rest[1] ?? "", 2);
    else if (char === "'") this.#takeQuoted(rest);
    else if (char === '"') this.#takeDoubleQuoted();
    else if (/^[$<>]\(/.test(rest)) this.#takeNested(2, "(");
    else if (char === "`") this.#takeNested(1, "`");
    else if (char === "#" && this.#word === undefined) this.#at += rest.split("\n", 1)[0]!.length;
    else if (char === "\n") this.#endLine();
    else if (/\s/.test(char)) {
      this.#endWord();
      this.#at++;
    } else if (/^&?[<>]/.test(rest)) this.#redirect(rest);
    else if (/[;&|()]/.test(char)) {
      this.#endCommand();
      this.#at++;
    } else this.#take(char, 1);
  }

  #take(text: string, length: number): void {
    this.#word = (this.#word ?? "") + text;
    this.#at += length;
  }

  #takeQuoted(rest: string): void {
    const end = rest.indexOf("'", 1);
    const inside = end < 0 ? rest.slice(1) : rest.slice(1, end);
    this.#take(inside, inside.length + 2);
  }

  #takeDoubleQuoted(): void {
    this.#take("", 1);
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const rest = this.#text.slice(this.#at);
      if (/^\\["\\$`]/.test(rest)) this.#take(rest[1]!, 2);
      else if (rest.startsWith("$(")) this.#takeNested(2, "(");
      else this.#take(rest[0]!, 1);
    }
    this.#at++;
  }

  /** Takes `$(...)` and its like into the word as it is, and the commands in it as commands. */
  #takeNested(opening: number, open: string): void {
    const close = PAIRS[open]!;
    const start = this.#at + opening;
    let end = start;
    for (let depth = 1; end < this.#text.length; end++) {
      if (this.#text[end] === close) depth--;
      else if (this.#text[end] === open) depth++;
      if (depth === 0) break;
    }
    this.#commands.push(...shellCommands(this.#text.slice(start, end)));
    this.#take(this.#text.slice(this.#at, end + 1), end + 1 - this.#at);
  }

  /** Passes over `2>`, `>>`, `<<EOF` and the like; the next word belongs to it. */
  #redirect(rest: string): void {
    if (/^\d+$/.test(this.#word ?? "")) this.#word = undefined;
    this.#endWord();
    const heredoc = /^<<-?\s*(['"]?)([\w.]+)\1/.exec(rest);
    if (heredoc && !rest.startsWith("<<<")) {
      this.#heredocs.push(heredoc[2]!);
      this.#at += heredoc[0].length;
      return;
    }
    this.#at += /^&?[<>]+&?/.exec(rest)![0].length;
    this.#redirected = true;
  }

  #endLine(): void {
    this.#endCommand();
    this.#at++;
    for (const delimiter of this.#heredocs.splice(0)) {
      const lines = this.#text.slice(this.#at).split("\n");
      const end = lines.findIndex((line) => line.trim() === delimiter);
      const body = lines.slice(0, end < 0 ? lines.length : end + 1);
      this.#at += body.join("\n").length + 1;
    }
  }

  #endWord(): void {
    if (this.#word === undefined) return;
    if (this.#redirected) this.#redirected = false;
    else this.#words.push(this.#word);
    this.#word = undefined;
  }

  #endCommand(): void {
    this.#endWord();
    const start = this.#words.findIndex((word) => !BEFORE.has(word) && !/^\w+=/.test(word));
    if (start >= 0) this.#commands.push(this.#words.slice(start));
    this.#words = [];
  }
}
