/**
 * A folder that acts as a machine for `denow`: a copy of it with the offline import map, and a PATH
 * that holds only what a test puts there.
 *
 * @module
 */

const ROOT = Deno.realPathSync(`${import.meta.dirname}/../..`);

/** What any machine has; `denow` needs no more. */
const BASICS = ["chmod", "date", "find", "mkdir", "mktemp", "mv", "readlink", "rm", "sh", "uname"];

/** The version of Deno that `denow` installs. */
export const PINNED_VERSION: string = (await Deno.readTextFile(`${ROOT}/denow`))
  .match(/^version=(.*)$/m)?.[1] ?? "";

/** How one call of `denow` went. */
export interface Run {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to call `denow`. */
export interface RunOptions {
  /** Working folder; the project's by default. */
  readonly cwd?: string;
  /** Environment variables beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether to keep this process's environment, such as proxies and certificates for a registry. */
  readonly inherit?: boolean;
  /** Text for standard input. */
  readonly stdin?: string;
  /** The file to run; the project's `denow` by default. */
  readonly program?: string;
}

/** A machine of its own; gone when disposed of. */
export class Machine implements AsyncDisposable {
  /** The project's folder, with blanks and an umlaut in its path. */
  readonly project: string;
  /** The only folder on PATH. */
  readonly bin: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.project = `${folder}/my pröject $HOME`;
    this.bin = `${folder}/bin`;
  }

  /** Makes a machine that has a shell and basic tools, but no Deno, npm or pip. */
  static async create(): Promise<Machine> {
    const folder = await Deno.makeTempDir({ prefix: "denow_test_" });
    // macOS's folder for temporary files is behind a link, which denow resolves.
    const machine = new Machine(await Deno.realPath(folder));
    await Deno.mkdir(machine.bin);
    await Deno.mkdir(`${machine.#folder}/home`);
    await Deno.mkdir(`${machine.project}/offline`, { recursive: true });
    for (const name of BASICS) await machine.link(name);
    await Deno.copyFile(`${ROOT}/denow`, machine.denow);
    for (const file of ["import_map.json", "assert.ts", "cli.ts", "log.ts", "path.ts"]) {
      await Deno.copyFile(`${ROOT}/offline/${file}`, `${machine.project}/offline/${file}`);
    }
    await Deno.writeTextFile(`${machine.project}/mod.ts`, "export const name = 'mod';\n");
    return machine;
  }

  /** The project's `denow`. */
  get denow(): string {
    return `${this.project}/denow`;
  }

  /** The offline import map. */
  get importMap(): string {
    return `${this.project}/offline/import_map.json`;
  }

  /** Puts a program of this machine on the PATH; says whether there is one. */
  async link(name: string, target: string | undefined = which(name)): Promise<boolean> {
    if (target === undefined) return false;
    await Deno.symlink(target, `${this.bin}/${name}`);
    return true;
  }

  /** Puts a shell script on the PATH, in place of a link if there is one. */
  async script(name: string, body: string): Promise<void> {
    const path = `${this.bin}/${name}`;
    // Written aside: writing through a link would change the program that it points to.
    const aside = `${this.#folder}/script`;
    await Deno.writeTextFile(aside, `#!/bin/sh\n${body}\n`, { createNew: true, mode: 0o755 });
    await Deno.rename(aside, path);
  }

  /**
   * Puts a stand-in for deno on the PATH: it prints its folder and arguments, one a line, and
   * `deno eval --no-config`, with which `denow` asks JSR, is noted in the file `asked` and answers as told.
   */
  async scriptDeno(
    { version = "2.9.0", jsr = false }: { version?: string; jsr?: boolean } = {},
  ): Promise<void> {
    await this.script("deno", fakeDeno(version, { jsr, asked: `${this.#folder}/asked` }));
  }

  /** How often `denow` asked whether JSR answers. */
  async timesAsked(): Promise<number> {
    try {
      return (await Deno.readTextFile(`${this.#folder}/asked`)).length;
    } catch {
      return 0;
    }
  }

  /** Writes a file of the project. */
  async write(path: string, text: string): Promise<void> {
    await Deno.writeTextFile(`${this.project}/${path}`, text);
  }

  /** Starts `denow`. */
  spawn(args: readonly string[], options: RunOptions = {}): Deno.ChildProcess {
    return new Deno.Command(options.program ?? this.denow, {
      args: [...args],
      cwd: options.cwd ?? this.project,
      clearEnv: true,
      env: {
        ...(options.inherit ? ownEnvironment() : { HOME: `${this.#folder}/home` }),
        PATH: this.bin,
        NO_COLOR: "1",
        ...options.env,
      },
      stdin: options.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Runs `denow` to its end. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    const child = this.spawn(args, options);
    if (options.stdin !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(options.stdin));
      await writer.close();
    }
    const { code, signal, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    return { code, signal, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  /** Names in the folder where `denow` installs. */
  async installed(): Promise<string[]> {
    try {
      const names = [];
      for await (const { name } of Deno.readDir(`${this.project}/.deno`)) names.push(name);
      return names.sort();
    } catch {
      return [];
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** The text of a stand-in for deno, as {@linkcode Machine.scriptDeno} describes it. */
export function fakeDeno(
  version: string,
  { jsr = false, asked = "/dev/null" }: { jsr?: boolean; asked?: string } = {},
): string {
  return `
case "$1 \${2:-}" in
  '--version ') echo "deno ${version} (stable, release, fake)"; echo "v8 1.2.3"; exit ;;
  'eval --no-config') printf x >>'${asked}'; exit ${jsr ? 0 : 1} ;;
esac
pwd
for arg; do printf '<%s>\\n' "$arg"; done
cat_stdin() { while IFS= read -r line; do printf 'stdin: %s\\n' "$line"; done; }
cat_stdin
exit "\${FAKE_EXIT:-0}"`;
}

/** This process's environment without what a `denow` around it put there. */
function ownEnvironment(): Record<string, string> {
  const all = Object.entries(Deno.env.toObject());
  return Object.fromEntries(all.filter(([name]) => !name.startsWith("DENOW_")));
}

/** The path of a program of this machine, past pyenv's shims, which need more than a bare PATH. */
export function which(name: string): string | undefined {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    if (folder.includes("/.pyenv/shims")) continue;
    try {
      if (Deno.statSync(`${folder}/${name}`).isFile) return `${folder}/${name}`;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
