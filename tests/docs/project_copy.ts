/**
 * A copy of the checkout in which the commands of a page run: whatever they write goes there.
 *
 * @module
 */

import { dirname } from "@std/path";
import { stringify } from "smol-toml";
import { ROOT } from "../repo/run.ts";
import { FIXTURES } from "./needs.ts";
import type { Surroundings } from "./shell_process.ts";
import { unpackProject } from "./project_archive.ts";
import { isolatedChannels, removeSegments } from "./isolated_channels.ts";

/** What is linked rather than copied, so that nothing is installed or built again. */
const LINKED = [".deno", "native/target"];

/** Variables that a copy takes from the environment. */
const INHERITED = ["LANG", "LC_ALL", "USER", "HFTLIVE_LIB", "HFTLIVE_PYTHON"];

/** A copy; `await using` removes it. */
export class ProjectCopy implements AsyncDisposable {
  readonly #directory: string;
  readonly #prefix: string;
  /** Where commands run. */
  readonly surroundings: Surroundings;

  private constructor(directory: string, prefix: string, surroundings: Surroundings) {
    this.#directory = directory;
    this.#prefix = prefix;
    this.surroundings = surroundings;
  }

  /**
   * Copies the checkout.
   *
   * @param parts Which of its files, as git takes paths.
   */
  static async create(parts: readonly string[] = ["."]): Promise<ProjectCopy> {
    const directory = await Deno.makeTempDir({ prefix: "hft-docs-" });
    const at = (name: string) => `${directory}/${name}`;
    for (const name of ["project", "home", "tmp", "run", "bin"]) {
      await Deno.mkdir(at(name), { mode: 0o700 });
    }
    await unpackProject(at("project"), parts);
    for (const path of LINKED) await link(`${ROOT}/${path}`, `${at("project")}/${path}`);
    for (const { name, path } of FIXTURES) {
      if (path !== undefined) await link(path, `${at("project")}/${name}`);
    }
    await Deno.writeTextFile(at("bin/hftlive"), installed(at("project")), { mode: 0o700 });
    const prefix = `docs_${crypto.randomUUID().slice(0, 8)}_`;
    // Two threads of hftbacktest's connector make these at once, and one of them may fail.
    for (const name of ["nodes", "services"]) {
      await Deno.mkdir(at(`channels/${name}`), { recursive: true, mode: 0o700 });
    }
    await Deno.mkdir(`${at("project")}/config`);
    await Deno.writeTextFile(
      `${at("project")}/config/iceoryx2.toml`,
      stringify(isolatedChannels(at("channels"), prefix)),
    );
    return new ProjectCopy(directory, prefix, {
      cwd: at("project"),
      env: {
        ...await variables(),
        PATH: `${at("bin")}:${Deno.env.get("PATH") ?? ""}`,
        HOME: at("home"),
        TMPDIR: at("tmp"),
        XDG_RUNTIME_DIR: at("run"),
      },
    });
  }

  /** Path of a file in it. */
  file(name: string): string {
    return `${this.surroundings.cwd}/${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeSegments(this.#prefix);
    await Deno.remove(this.#directory, { recursive: true });
  }
}

let denoDirectory: string | undefined;

/** Where Deno keeps what it has downloaded. */
async function findDenoDirectory(): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] });
  const { stdout } = await command.output();
  return String(JSON.parse(new TextDecoder().decode(stdout)).denoDir);
}

async function link(target: string, path: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.symlink(target, path);
}

/** The command that `deno install --global --allow-all` makes of the command line. */
function installed(project: string): string {
  return `#!/bin/sh\nexec '${project}/denow' run --allow-all '${project}/cli.ts' "$@"\n`;
}

async function variables(): Promise<Record<string, string>> {
  const userHome = Deno.env.get("HOME") ?? "";
  const inherited = INHERITED.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(inherited),
    NO_COLOR: "1",
    // What was installed and downloaded is not installed and downloaded again.
    DENO_DIR: denoDirectory ??= await findDenoDirectory(),
    DENOW_DENO: Deno.execPath(),
    DENOW_JSR: import.meta.resolve("@std/cli").startsWith("file:") ? "no" : "yes",
    CARGO_HOME: Deno.env.get("CARGO_HOME") ?? `${userHome}/.cargo`,
    RUSTUP_HOME: Deno.env.get("RUSTUP_HOME") ?? `${userHome}/.rustup`,
  };
}
