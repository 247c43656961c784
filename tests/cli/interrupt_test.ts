/**
 * Ctrl+C while a command waits for something that does not come.
 */

import { assertEquals } from "@std/assert";
import { inCheckout } from "../support/checkout.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { startCli } from "./run_cli.ts";

/** A supervisor that takes connections, and never answers. */
class MuteSupervisor implements AsyncDisposable {
  readonly socket: string;
  readonly #listener: Deno.UnixListener;
  readonly #directory: TempDirectory;
  readonly #connected = Promise.withResolvers<void>();
  readonly #serving: Promise<void>;

  private constructor(directory: TempDirectory) {
    this.#directory = directory;
    this.socket = directory.file("s");
    this.#listener = Deno.listen({ transport: "unix", path: this.socket });
    this.#serving = this.#serve();
  }

  static async start(): Promise<MuteSupervisor> {
    const directory = await TempDirectory.create();
    await Deno.chmod(directory.path, 0o700);
    return new MuteSupervisor(directory);
  }

  /** Resolves when somebody has connected. */
  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
    await this.#directory[Symbol.asyncDispose]();
  }

  async #serve(): Promise<void> {
    const open: Deno.UnixConn[] = [];
    for await (const connection of this.#listener) {
      open.push(connection);
      this.#connected.resolve();
    }
    for (const connection of open) connection.close();
  }
}

for (const line of [["status"], ["logs"], ["restart", "bf"], ["stop"], ["status", "--json"]]) {
  Deno.test(`Ctrl+C ends connector ${line.join(" ")} while the supervisor is mute`, async () => {
    await using supervisor = await MuteSupervisor.start();
    await using cli = startCli(["connector", ...line, "--socket", supervisor.socket], {
      permissions: ["-A"],
    });
    await supervisor.connected;
    cli.kill("SIGINT");
    assertEquals(await cli.ended, { code: 130, stdout: "", stderr: "" });
  });
}

for (const line of [["connector", "build"], ["native", "build"], ["native", "install"]]) {
  Deno.test({
    name: `Ctrl+C ends ${line.join(" ")} while cargo compiles, and cargo with it`,
    ignore: line[0] === "native" && !isThere(inCheckout("native/Cargo.toml")),
    async fn() {
      await using directory = await TempDirectory.create();
      await Deno.mkdir(directory.file("bin"));
      await Deno.mkdir(directory.file("connector"));
      await directory.write("Cargo.toml", "");
      await directory.write("connector/Cargo.toml", "");
      const pid = directory.file("pid");
      await directory.write(
        "bin/cargo",
        `#!/bin/sh\necho $$ > ${pid}.new\nmv ${pid}.new ${pid}\nexec sleep 1000\n`,
        {
          mode: 0o755,
        },
      );
      await using cli = startCli(line, {
        permissions: ["-A"],
        env: {
          PATH: `${directory.file("bin")}:${Deno.env.get("PATH")}`,
          ["HFTBACKTEST_ROOT"]: directory.path,
        },
      });
      while (!isThere(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
      cli.kill("SIGINT");
      const { code, stdout } = await cli.ended;
      assertEquals([code, stdout], [130, ""]);
      const cargo = Number(await Deno.readTextFile(pid));
      assertEquals(isThere(`/proc/${cargo}/exe`), false);
    },
  });
}

function isThere(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
