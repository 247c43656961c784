/**
 * `cli.ts connector up` and the commands that reach it, each in a process of its own.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { stringify } from "smol-toml";
import {
  BTCUSDT,
  ENDLESS,
  isAlive,
  namesIn,
  script,
  until,
  VALID_CONFIG,
} from "../connector/runner/support.ts";
import { nativeReady, simConnectorPath } from "../support/native_ready.ts";
import { NotifyListener } from "../support/notify_listener.ts";
import { uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { type CliResult, runCli, type RunningCli, startCli } from "./run_cli.ts";

const missing = nativeReady();

/** Keys of a `[[connector]]`, as the file has them. */
type Connector = Record<string, unknown>;

/** A directory with a file of connectors. */
class Site implements AsyncDisposable {
  readonly directory: TempDirectory;
  readonly #connectors: readonly Connector[];

  private constructor(directory: TempDirectory, connectors: readonly Connector[]) {
    this.directory = directory;
    this.#connectors = connectors;
  }

  static async create(
    connectors: (directory: TempDirectory) => Promise<readonly Connector[]>,
  ): Promise<Site> {
    await using held = new AsyncDisposableStack();
    const directory = held.use(await TempDirectory.create());
    await directory.write("bf.toml", VALID_CONFIG, { mode: 0o600 });
    const site = new Site(directory, await connectors(directory));
    await directory.write("connectors.toml", stringify({ connector: site.#connectors }));
    held.move();
    return site;
  }

  /** Names of the connectors. */
  get names(): string[] {
    return this.#connectors.map(({ name }) => String(name));
  }

  /** Starts the supervisor. */
  up(...more: string[]): RunningCli {
    return startCli(
      ["connector", "up", "--file", this.directory.file("connectors.toml"), ...more],
      {
        permissions: ["-A"],
        env: this.env,
      },
    );
  }

  /** Runs another command of the same user. */
  run(...line: string[]): Promise<CliResult> {
    return runCli(["connector", ...line], { permissions: ["-A"], env: this.env });
  }

  /** The supervisor's and its connectors' processes. */
  async pids(): Promise<number[]> {
    const { stdout, stderr } = await this.run("status", "--json");
    assert(stdout !== "", stderr);
    const { pid, connectors } = JSON.parse(stdout);
    return [pid, ...connectors.map((connector: { pid: number }) => connector.pid)];
  }

  get env(): Record<string, string> {
    return { XDG_RUNTIME_DIR: this.directory.path };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.directory[Symbol.asyncDispose]();
  }
}

/** A script as a connector: "alive" is all it can prove. */
async function scriptConnector(
  directory: TempDirectory,
  body: string,
  more: Connector = {},
): Promise<Connector> {
  return {
    name: uniqueConnectorName(),
    type: "binancefutures",
    config: "bf.toml",
    binary: await script(directory, body),
    ready: { level: "alive" },
    ...more,
  };
}

function twoScripts(): Promise<Site> {
  return Site.create(async (directory) => {
    const first = await scriptConnector(directory, `echo "hello"; ${ENDLESS}`);
    const second = await scriptConnector(directory, ENDLESS, { "depends_on": [first.name] });
    return [second, first];
  });
}

async function untilGone(pids: readonly number[]): Promise<void> {
  await until(
    "the end of all",
    async () => (await Promise.all(pids.map(isAlive))).every((alive) => !alive),
  );
}

Deno.test("connector up, status, logs, restart and stop work together", async () => {
  await using site = await twoScripts();
  const [second = "", first = ""] = site.names;
  await using up = site.up();
  await up.prints("stdout", new RegExp(`${second} ready: its process lives`));

  const status = await site.run("status");
  assertEquals([status.code, status.stderr], [0, ""]);
  const [header = "", row = ""] = status.stdout.split("\n");
  assertMatch(header, /^NAME +TYPE +NET +FOR +PID +CHANNEL +RESTARTS +FEEDS +STATE$/);
  assertMatch(
    row,
    new RegExp(
      `^${second} +binancefutures +custom +\\d+\\.\\d s +\\d+ +\\S.* +0 +- +ready: its process`,
    ),
  );
  const before = await site.pids();
  assertEquals(before.length, 3);

  const restarted = await site.run("restart", first);
  assertEquals([restarted.code, restarted.stdout], [0, ""]);
  assertEquals(restarted.stderr, `${first} ready: its process lives\n`);
  const [, secondPid, firstPid] = await site.pids();
  assertEquals(secondPid, before[1]);
  assert(firstPid !== before[2]);

  const logs = await site.run("logs", first);
  assertEquals(logs.code, 0);
  assertEquals(logs.stdout.split("\n").filter((line) => line === "hello").length, 2);
  assertMatch(logs.stdout, /INFO hftlive::supervisor: stopping: restart on request$/m);
  const last = await site.run("logs", "-n", "1");
  assertEquals(last.stdout.trimEnd().split("\n").length, 2);
  assertStringIncludes(last.stdout, `${second} `);
  const [line = ""] = (await site.run("logs", first, "--json", "-n", "1")).stdout.split("\n");
  assertEquals(JSON.parse(line).connector, first);

  const stopped = await site.run("stop", first);
  assertEquals([stopped.code, stopped.stderr], [0, `${first} stopped\n`]);
  const partly = await site.run("status");
  assertEquals(partly.code, 1, "a health check fails");
  assertMatch(partly.stdout, /stopped: on request/);

  const all = await site.run("stop");
  assertEquals([all.code, all.stderr], [0, "supervisor stopped\n"]);
  const { code, stdout, stderr } = await up.ended;
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, new RegExp(`^\\S+connectors\\.toml: ${second} \\(custom\\)`));
  await untilGone(before);
  assertEquals(await namesIn(site.directory.file("hftlive")), []);
});

Deno.test("connector logs -f follows until Ctrl+C, and until the supervisor stops", async () => {
  await using site = await twoScripts();
  const [second = "", first = ""] = site.names;
  await using up = site.up();
  await up.prints("stdout", new RegExp(`${second} ready`));
  const options = { permissions: ["-A"], env: site.env };
  await using interrupted = startCli(["connector", "logs", first, "-f"], options);
  await using ended = startCli(["connector", "logs", "--follow"], options);
  await interrupted.prints("stdout", /^hello$/m);
  await ended.prints("stdout", new RegExp(`^${first} hello$`, "m"));
  interrupted.kill("SIGINT");
  assertEquals((await interrupted.ended).code, 130);
  up.kill("SIGTERM");
  assertEquals((await up.ended).code, 130);
  const { code, stdout } = await ended.ended;
  assertEquals(code, 0);
  assertMatch(stdout, new RegExp(`^${second} .* stopped: on request$`, "m"));
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`connector up that gets ${signal} leaves nothing behind`, async () => {
    await using site = await twoScripts();
    const [second = ""] = site.names;
    await using up = site.up("--quiet");
    await until("both ready", async () => (await site.run("status")).code === 0);
    const pids = await site.pids();
    up.kill(signal);
    const { code, stdout, stderr } = await up.ended;
    assertEquals([code, stdout, stderr], [130, "", ""]);
    for (const pid of pids) assertEquals(await isAlive(pid), false, `${second} ${pid}`);
    assertEquals(await namesIn(site.directory.file("hftlive")), []);
  });
}

Deno.test({
  name: "connector up that is killed leaves no connector, and its successor takes its place",
  ignore: missing !== undefined,
  async fn() {
    await using site = await Site.create(async (directory) => [
      await scriptConnector(directory, ENDLESS),
      {
        name: uniqueConnectorName(),
        type: "binancefutures",
        config: await directory.write("sim.toml", '[source]\nkind = "synthetic"\n'),
        "validate_config": false,
        binary: simConnectorPath(),
        ready: {
          symbol: BTCUSDT.symbol,
          "tick_size": BTCUSDT.tickSize,
          "lot_size": BTCUSDT.lotSize,
        },
        watchdog: { symbols: [BTCUSDT.symbol] },
      },
    ]);
    const [, sim = ""] = site.names;
    await using first = site.up();
    await first.prints("stdout", new RegExp(`${sim} ready: market data comes`));
    const status = await site.run("status");
    assertMatch(status.stdout, /btcusdt (none|\d+\.\d s) +ready: market data comes/);
    const pids = await site.pids();

    await using refused = site.up();
    const { code, stderr } = await refused.ended;
    assertEquals(code, 1);
    assertStringIncludes(stderr, `the supervisor with process ${pids[0]} does`);

    first.kill("SIGKILL");
    await first.ended;
    await untilGone(pids);
    await using second = site.up();
    await second.prints("stdout", new RegExp(`${sim} ready: market data comes`));
    assertEquals((await site.run("stop")).code, 0);
    assertEquals((await second.ended).code, 0);
  },
});

Deno.test("connector up ends with code 1 and the reasons when nothing is left to supervise", async () => {
  await using site = await Site.create(async (directory) => [
    await scriptConnector(directory, "exit 3", {
      restart: { "first_delay_s": 0.01, "max_delay_s": 0.01, "max_restarts": 1 },
    }),
    await scriptConnector(directory, "exit 0", { restart: { policy: "never" } }),
  ]);
  const [first = ""] = site.names;
  const { code, stderr } = await site.up().ended;
  assertEquals(code, 1);
  assertMatch(stderr, new RegExp(`^hftlive: Nothing is left to supervise: ${first} failed: `));
  assertStringIncludes(stderr, "after 1 restart in 600 s");
});

/** Adds flags such as `--allow-read=a,b` to others. */
function mergeFlags(flags: readonly string[], more: readonly string[]): string[] {
  const values = new Map<string, Set<string>>();
  for (const flag of [...flags, ...more]) {
    const [name = "", list] = flag.split("=");
    const known = values.get(name) ?? new Set();
    values.set(name, known);
    for (const value of list?.split(",") ?? []) known.add(value);
  }
  return [...values].map(([name, list]) => list.size > 0 ? `${name}=${[...list].join(",")}` : name);
}

Deno.test("connector up and status need no more than the permissions they ask for", async () => {
  await using site = await twoScripts();
  const file = site.directory.file("connectors.toml");
  const given = async (line: readonly string[]): Promise<string[]> => {
    let permissions: string[] = [];
    for (let tries = 0; tries < 4; tries++) {
      await using cli = startCli(["connector", ...line], { permissions, env: site.env });
      const running = cli.prints("stdout", /ready: its process lives|NAME/).then(() => undefined);
      const ended = await Promise.race([running.catch(() => cli.ended), cli.ended]);
      if (ended?.code !== 3) return permissions;
      const flags = /run deno with (.*) \(or/.exec(ended.stderr)?.[1]?.split(" ") ?? [];
      permissions = mergeFlags(permissions, flags);
    }
    throw new Error(`not enough: ${permissions.join(" ")}`);
  };
  const up = await given(["up", "--file", file]);
  assert(up.every((flag) => /^--allow-(read|ffi)$|=/.test(flag)), up.join(" "));
  await using supervisor = startCli(["connector", "up", "--file", file], {
    permissions: up,
    env: site.env,
  });
  await supervisor.prints("stdout", /ready: its process lives/);
  const socket = site.directory.file("hftlive/control.sock");
  const status = await given(["status", "--socket", socket]);
  const directory = site.directory.file("hftlive");
  assertEquals(status, [
    `--allow-read=${directory}`,
    `--allow-write=${directory}`,
    `--allow-net=unix:${socket}`,
  ]);
  supervisor.kill("SIGTERM");
  assertEquals((await supervisor.ended).code, 130);
});

Deno.test("connector up --logs shows output and changes, by name", async () => {
  await using site = await twoScripts();
  const [, first = ""] = site.names;
  await using up = site.up("--logs");
  await up.prints("stdout", new RegExp(`^${first} hello$`, "m"));
  await up.prints(
    "stdout",
    new RegExp(`^${first} \\S+Z {2}INFO hftlive::supervisor: ready: `, "m"),
  );
  up.kill("SIGINT");
  assertEquals((await up.ended).code, 130);
});

Deno.test("connector up tells its warnings before anything is started", async () => {
  await using site = await twoScripts();
  await Deno.chmod(site.directory.file("bf.toml"), 0o644);
  const [second = ""] = site.names;
  await using up = site.up();
  await up.prints("stdout", new RegExp(`${second} ready`));
  up.kill("SIGINT");
  const { stderr } = await up.ended;
  assertMatch(stderr, new RegExp(`^warning: ${second}: .*other users may read or change it`));
});

Deno.test({
  name: "connector up tells systemd when it is ready, alive, and stopping",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using site = await twoScripts();
    const path = site.directory.file("notify.sock");
    await using listener = await NotifyListener.start(path);
    const file = site.directory.file("connectors.toml");
    await using up = startCli(["connector", "up", "--file", file], {
      permissions: ["-A"],
      env: { ...site.env, NOTIFY_SOCKET: path, WATCHDOG_USEC: "200000" },
    });
    const messages: string[] = [];
    const next = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(messages.at(-1) ?? "")) messages.push(await listener.next());
    };
    await next(/^READY=1\nSTATUS=2 of 2 ready$/);
    await next(/^WATCHDOG=1$/);
    await next(/^WATCHDOG=1$/);
    await site.run("stop", site.names[1]!);
    await next(/^STATUS=1 of 2 ready; \S+ stopped: on request$/);
    up.kill("SIGTERM");
    await next(/^STOPPING=1\n/);
    assertEquals((await up.ended).code, 130);
    assertEquals(messages.filter((text) => text.startsWith("READY=1")).length, 1);
  },
});

Deno.test("connector up --detach hands itself to systemd-run, or says what else there is", async () => {
  await using site = await twoScripts();
  const { directory } = site;
  const file = directory.file("connectors.toml");
  // In place of the real one: notes what it is asked for.
  await directory.write(
    "systemd-run",
    `#!/bin/sh\nprintf '%s\\n' "$@" > "${directory.path}/args"\n`,
    {
      mode: 0o755,
    },
  );
  const line = ["connector", "up", "--file", file, "--detach"];
  const path = `${directory.path}:${Deno.env.get("PATH")}`;
  const done = await runCli(line, {
    permissions: ["-A"],
    env: { ...site.env, PATH: path, RUST_LOG: "debug", API_SECRET: "verysecretvalue" },
  });
  assertEquals(done.code, 0, done.stderr);
  assertStringIncludes(done.stdout, "hftlive-connectors runs in the background");
  const args = (await Deno.readTextFile(directory.file("args"))).trimEnd().split("\n");
  for (
    const arg of [
      "--unit=hftlive-connectors",
      "--property=Type=notify",
      "--property=SuccessExitStatus=130",
      `--working-directory=${directory.path}`,
      "--setenv=RUST_LOG=debug",
      Deno.execPath(),
      `--file=${file}`,
    ]
  ) assert(args.includes(arg), `${arg} in ${args.join(" ")}`);
  assert(!args.join("\n").includes("verysecretvalue"));

  const failing = `#!/bin/sh\necho "no manager here" >&2; exit 1\n`;
  await directory.write("systemd-run", failing, { mode: 0o755 });
  const failed = await runCli(line, { permissions: ["-A"], env: { ...site.env, PATH: path } });
  assertEquals(failed.code, 1);
  assertStringIncludes(failed.stderr, "in the background: no manager here; without systemd");
  assertStringIncludes(failed.stderr, "connector systemd");

  await Deno.remove(directory.file("systemd-run"));
  const none = await runCli(line, {
    permissions: ["-A"],
    env: { ...site.env, PATH: directory.path },
  });
  assertEquals(none.code, 1);
  assertStringIncludes(none.stderr, "there is no systemd-run on this system");
});
