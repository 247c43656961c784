import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  ConnectorConfigError,
  ConnectorNotExecutableError,
  ConnectorNotFoundError,
  ConnectorRunner,
  ConnectorRunnerError,
  ConnectorStartupError,
} from "@hftlive/hftlive";
import { TempDirectory } from "../../support/temp_directory.ts";
import {
  assertNoChildren,
  ENDLESS,
  isAlive,
  namesIn,
  script,
  scriptOptions,
  scriptRunner,
  until,
  untilPrinted,
} from "./support.ts";

Deno.test("start: the program gets name, type and configuration, and its output is read", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(
    directory,
    `echo "args $#: $1 $2 $3"; echo "log $RUST_LOG, x $X"; echo oops >&2; exec sleep 1000`,
    { connectorName: "a-name", env: { X: "1 2" } },
  );
  const states: string[] = [];
  runner.addEventListener("statechange", ({ detail }) => states.push(detail.state));
  await runner.start();
  const { pid } = runner;
  assert(pid !== undefined && await isAlive(pid));
  assertEquals([runner.state, runner.isRunning], ["running", true]);
  await untilPrinted(runner, "log");
  await untilPrinted(runner, "oops");
  const lines = runner.output.map(({ stream, raw }) => `${stream} ${raw}`);
  const logLevel = Deno.env.get("RUST_LOG") || "info";
  assertEquals(lines.toSorted(), [
    "stderr oops",
    `stdout args 3: a-name binancefutures ${directory.file("config.toml")}`,
    `stdout log ${logLevel}, x 1 2`,
  ]);
  await assertRejects(() => runner.start(), ConnectorRunnerError, "it is running");
  await runner.stop();
  assertEquals(states, ["starting", "running", "stopping", "ended"]);
  assertEquals([runner.isRunning, runner.pid], [false, undefined]);
  assert(!await isAlive(pid));
  await assertNoChildren();
});

Deno.test("start: secrets are resolved into a private file that goes with the process", async () => {
  await using directory = await TempDirectory.create();
  await directory.write("key", "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv\n", { mode: 0o600 });
  await directory.write("secret", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP\n", { mode: 0o600 });
  const configPath = await directory.write(
    "secrets.toml",
    `stream_url = "ws://127.0.0.1:9/ws"
api_url = "http://127.0.0.1:9"
order_prefix = "t"
api_key = "file:key"
secret = "file:secret"
`,
    { mode: 0o600 },
  );
  await using runner = await scriptRunner(
    directory,
    `cat "$3"; stat -c 'mode %a' "$3" 2>/dev/null || stat -f 'mode %Lp' "$3"; echo "$3"; echo end; exec sleep 1000`,
    { configPath },
  );
  await runner.start();
  await untilPrinted(runner, "end");
  const printed = runner.output.map(({ raw }) => raw);
  assert(printed.includes("mode 600"), printed.join("\n"));
  const given = printed.at(-2) ?? "";
  assert(given.startsWith(`${directory.file("run")}/connector-`), given);
  const text = await Deno.readTextFile(given);
  assertStringIncludes(text, "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv");
  assertStringIncludes(text, "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP");
  assert(!/vmPUZ|NhqPt/.test(printed.join("\n")), "a secret was not redacted");
  await runner.stop();
  assertEquals(await namesIn(directory.file("run")), []);
});

Deno.test("start: what the configuration warns of is told", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(directory, ENDLESS);
  await Deno.chmod(directory.file("config.toml"), 0o644);
  const told: string[] = [];
  runner.addEventListener("warning", ({ detail }) => told.push(detail));
  await runner.start();
  assertEquals(told.length, 1);
  assertStringIncludes(told[0] ?? "", "chmod 600");
  assertEquals(runner.warnings, told);
});

Deno.test("start: a configuration that cannot be used starts nothing", async () => {
  await using directory = await TempDirectory.create();
  const options = await scriptOptions(directory, ENDLESS);
  await Deno.writeTextFile(options.configPath, `strem_url = "ws://127.0.0.1:9"\n`);
  await using wrong = new ConnectorRunner(options);
  const error = await assertRejects(() => wrong.start(), ConnectorConfigError);
  assertEquals([error.line, error.field], [1, "strem_url"]);
  assertEquals([wrong.state, wrong.pid], ["ended", undefined]);

  for (const validateConfig of [true, false]) {
    const configPath = directory.file("gone.toml");
    await using missing = new ConnectorRunner({ ...options, configPath, validateConfig });
    await assertRejects(() => missing.start(), ConnectorConfigError, "no such file");
  }
  assertEquals(await namesIn(directory.file("run")), []);
});

Deno.test("start: a program that is missing, no file, or not executable is told apart", async () => {
  await using directory = await TempDirectory.create();
  const options = await scriptOptions(directory, ENDLESS);
  const binaryPath = directory.file("gone");
  await using missing = new ConnectorRunner({ ...options, binaryPath });
  assertEquals(await missing.binaryExists(), false);
  const notFound = await assertRejects(() => missing.start(), ConnectorNotFoundError);
  assertEquals(notFound.tried, [
    { origin: "binaryPath", path: binaryPath, result: "no such file" },
  ]);
  await assertRejects(() => missing.build(), ConnectorNotFoundError, "projectRoot");

  const program = await script(directory, ENDLESS);
  await Deno.chmod(program, 0o644);
  await using plain = new ConnectorRunner({ ...options, binaryPath: program });
  const refused = await assertRejects(() => plain.start(), ConnectorNotExecutableError);
  assertEquals(refused.path, program);
  assertStringIncludes(refused.message, `chmod +x ${program}`);
  await assertRejects(() => plain.binaryExists(), ConnectorNotExecutableError);

  await using folder = new ConnectorRunner({ ...options, binaryPath: directory.path });
  await assertRejects(() => folder.start(), ConnectorNotExecutableError, "not a file");
  await assertNoChildren();
});

Deno.test("start: a program that the system cannot run is a startup error", async () => {
  await using directory = await TempDirectory.create();
  const program = await directory.write("program", "#!/no/such/interpreter\n", { mode: 0o755 });
  await using runner = new ConnectorRunner({
    ...await scriptOptions(directory, ENDLESS),
    binaryPath: program,
  });
  const error = await assertRejects(() => runner.start(), ConnectorStartupError);
  assertEquals(error.exitCode, undefined);
  assert(error.cause instanceof Deno.errors.NotFound);
  assertEquals(await namesIn(directory.file("run")), []);
  await assertNoChildren();
});

Deno.test("start: a process that ends at once is told with its code and last lines", async () => {
  await using directory = await TempDirectory.create();
  const body = `echo starting; echo "error: no signature=c0ffee here" >&2; exit 7`;
  await using runner = await scriptRunner(directory, body);
  const error = await assertRejects(async () => {
    await runner.start();
    await runner.waitForReady();
  }, ConnectorStartupError);
  assertEquals([error.exitCode, error.signal], [7, undefined]);
  assertStringIncludes(error.message, "ended with code 7");
  assertStringIncludes(error.message, "error: no signature=*** here");
  assertEquals(error.outputTail.toSorted(), ["error: no signature=*** here", "starting"]);
  assertEquals(await runner.stop(), runner.exit);
  assertEquals([runner.state, runner.isRunning], ["ended", false]);
  assertEquals(await namesIn(directory.file("run")), []);
  await assertNoChildren();
});

Deno.test("start: a process that ends by itself is exited, or crashed", async () => {
  await using directory = await TempDirectory.create();
  const ends: [string, string, number, string | undefined][] = [
    [`sleep 0.3; exit 0`, "exited", 0, undefined],
    [`sleep 0.3; exit 7`, "crashed", 7, undefined],
    [`sleep 0.3; kill -SEGV $$`, "crashed", 139, "SIGSEGV"],
    [`sleep 0.3; kill -KILL $$`, "crashed", 137, "SIGKILL"],
    [`sleep 0.3; kill -INT $$`, "exited", 130, "SIGINT"],
  ];
  for (const [body, reason, code, signal] of ends) {
    await using runner = await scriptRunner(directory, body);
    const pids: (number | undefined)[] = [];
    runner.exited.then(({ pid }) => pids.push(pid));
    await runner.start();
    pids.push(runner.pid);
    const exit = await runner.exited;
    assertEquals([exit.reason, exit.code, exit.signal], [reason, code, signal], body);
    assertEquals(runner.exit, exit);
    assertEquals([runner.state, pids], ["ended", [exit.pid, exit.pid]]);
  }
  await assertNoChildren();
});

Deno.test("start: a runner can be started again", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(directory, ENDLESS);
  const pids = new Set<number | undefined>();
  for (let run = 0; run < 3; run++) {
    await runner.start();
    pids.add(runner.pid);
    await untilPrinted(runner, `pid ${runner.pid}`);
    assertEquals(runner.output.length, 1);
    assertEquals((await runner.stop())?.reason, "stopped");
  }
  assertEquals(pids.size, 3);
});

Deno.test("start: an abort ends a start, and a connector that runs", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(directory, ENDLESS);
  const before = AbortSignal.abort(new Error("too late"));
  await assertRejects(() => runner.start({ signal: before }), Error, "too late");
  assertEquals(runner.state, "idle");

  const during = new AbortController();
  const starting = runner.start({ signal: during.signal });
  during.abort(new Error("changed my mind"));
  await assertRejects(() => starting, Error, "changed my mind");
  assertEquals([runner.state, runner.isRunning], ["ended", false]);
  await assertNoChildren();

  const after = new AbortController();
  await runner.start({ signal: after.signal });
  const { pid } = runner;
  after.abort();
  assertEquals((await runner.exited).reason, "stopped");
  assert(pid !== undefined && !await isAlive(pid));
});

Deno.test("start: without captured output there are no lines", async () => {
  await using directory = await TempDirectory.create();
  // To where this test's own output goes, so it prints nothing.
  await using runner = await scriptRunner(directory, `exec sleep 1000`, { captureOutput: false });
  await runner.start();
  await runner.stop();
  assertEquals([...runner.output], []);
  for await (const line of runner.logs()) assert(false, line.raw);
});

Deno.test("start: a cleared environment has paths, and nothing of this process's own", async () => {
  await using directory = await TempDirectory.create();
  Deno.env.set("HFTLIVE_TEST_VARIABLE", "1");
  try {
    const body = `echo "path=\${PATH:+set} own=$HFTLIVE_TEST_VARIABLE x=$X"; exec sleep 1000`;
    for (const clearEnv of [false, true]) {
      await using runner = await scriptRunner(directory, body, { clearEnv, env: { X: "2" } });
      await runner.start();
      await untilPrinted(runner, `path=set own=${clearEnv ? "" : "1"} x=2`);
    }
  } finally {
    Deno.env.delete("HFTLIVE_TEST_VARIABLE");
  }
});

Deno.test("start: launch gives a runner that is ready, or stops it", async () => {
  await using directory = await TempDirectory.create();
  const options = await scriptOptions(directory, ENDLESS);
  {
    await using runner = await ConnectorRunner.launch(options, { level: "alive" });
    assertEquals(runner.state, "running");
  }
  const error = await assertRejects(
    () => ConnectorRunner.launch(options, { level: "attached", timeoutMs: 100 }),
    ConnectorStartupError,
  );
  assertStringIncludes(error.message, "it is not attached");
  await until("the end", async () => (await namesIn(directory.file("run"))).length === 0);
  await assertNoChildren();
});
