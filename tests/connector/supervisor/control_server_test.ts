/** A supervisor that is asked over its control socket. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  type ConnectorLogLine,
  type ConnectorSettings,
  ControlClient,
  ControlError,
  ControlServer,
  type Supervisor,
} from "@hftlive/hftlive";
import { TempDirectory } from "../../support/temp_directory.ts";
import { assertNoChildren, ENDLESS, until } from "../runner/support.ts";
import { scriptSettings, stateOf, untilState, watched } from "./support.ts";

const SECRET = "kRtPqwNwYnZcVbXmLsJhGfDaQeUiOp";

interface Fixture extends AsyncDisposable {
  readonly supervisor: Supervisor;
  readonly client: ControlClient;
  readonly path: string;
  readonly connectors: readonly [ConnectorSettings, ConnectorSettings];
}

async function start(body = ENDLESS): Promise<Fixture> {
  await using held = new AsyncDisposableStack();
  const directory = held.use(await TempDirectory.create());
  const connectors = [
    await scriptSettings(directory, body, { env: { API_SECRET: SECRET } }),
    await scriptSettings(directory, ENDLESS),
  ] as const;
  const { supervisor } = held.use(await watched(directory, connectors));
  const path = directory.file("run/control.sock");
  held.use(await ControlServer.listen(supervisor, path));
  supervisor.start();
  await supervisor.settled();
  const moved = held.move();
  return {
    ...{ supervisor, path, connectors },
    client: new ControlClient(path),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** Sends bytes as they are, and reads all that is answered. */
async function exchange(path: string, text: string): Promise<string> {
  using connection = await Deno.connect({ transport: "unix", path });
  await connection.write(new TextEncoder().encode(text));
  return await new Response(connection.readable).text();
}

Deno.test("control: status tells all there is, and no secret", async () => {
  await using run = await start();
  const { supervisor, client, connectors: [first, second] } = run;
  const status = await client.status();
  assertEquals(status, JSON.parse(JSON.stringify(supervisor.status())));
  assertEquals(status.pid, Deno.pid);
  assertEquals(status.connectors.map(({ name }) => name), [first.name, second.name]);
  const [connector] = status.connectors;
  assert(typeof connector?.pid === "number");
  assertEquals(
    [connector.type, connector.network, connector.state, connector.restarts],
    ["binancefutures", "custom", { status: "ready", level: "alive" }, 0],
  );
  assertEquals([connector.lastFailure, connector.feeds], [null, []]);
  const raw = await exchange(run.path, '{"version":1,"command":"status"}\n');
  assert(!raw.includes(SECRET) && !raw.includes("API_SECRET"), raw);
});

Deno.test("control: restart and stop of one connector leave the other alone", async () => {
  await using run = await start();
  const { supervisor, client, connectors: [first, second] } = run;
  const before = supervisor.status();
  assertEquals(await client.restart(first.name), { status: "ready", level: "alive" });
  await client.stop(first.name);
  await client.stop(first.name);
  assertEquals(stateOf(supervisor, first.name), "stopped");
  const after = supervisor.status(second.name).connectors[0];
  assertEquals(after?.pid, before.connectors[1]?.pid);
  assertEquals((await client.restart(first.name)).status, "ready");
});

Deno.test("control: stop of everything is answered when everything has stopped", async () => {
  await using run = await start();
  await run.client.stop();
  await assertNoChildren();
  await run.supervisor.stopped;
  const error = await assertRejects(
    () => run.client.restart(run.connectors[0].name),
    ControlError,
    "the supervisor is stopping",
  );
  assertEquals(error.code, "failed");
});

Deno.test("control: what cannot be done is answered with why", async () => {
  await using run = await start();
  const { client, path, connectors: [first, second] } = run;
  for (const ask of [() => client.stop("nobody"), () => client.restart("nobody")]) {
    const error = await assertRejects(ask, ControlError, 'Cannot find connector "nobody"');
    assertEquals(error.code, "unknownConnector");
    assertStringIncludes(error.message, `${first.name}, ${second.name}`);
  }
  await assertRejects(
    () => Array.fromAsync(client.logs({ connector: "nobody" })),
    ControlError,
    "nobody",
  );
  for (
    const [text, code] of [
      ["hello\n", "badRequest"],
      ["\n", "badRequest"],
      ["\xff\xfe\n", "badRequest"],
      ['{"version":99,"command":"status"}\n', "unsupportedVersion"],
      [`${"x".repeat(5_000)}\n`, "badRequest"],
      [`{"version":1,"command":"stop","connector":"${"x".repeat(300)}"}\n`, "badRequest"],
    ] as const
  ) {
    const { ok, version, error } = JSON.parse(await exchange(path, text));
    assertEquals([ok, version, error.code], [false, 1, code], text);
  }
  assertEquals((await client.status()).connectors.length, 2, "it still answers");
});

Deno.test("control: readers that go away or send nothing hold up nobody", async () => {
  await using run = await start();
  const { client, path } = run;
  const idle = await Promise.all(
    Array.from({ length: 20 }, () => Deno.connect({ transport: "unix", path })),
  );
  const gone = await Deno.connect({ transport: "unix", path });
  await gone.write(new TextEncoder().encode('{"version":1,"command":"logs","follow":true}\n'));
  gone.close();
  assertEquals((await client.status()).connectors.length, 2);
  idle.forEach((connection) => connection.close());
});

Deno.test("control: more connections than there is room for are told so", async () => {
  await using run = await start();
  const { client, path } = run;
  const idle: Deno.UnixConn[] = [];
  try {
    for (let i = 0; i < 70; i++) idle.push(await Deno.connect({ transport: "unix", path }));
    const error = await assertRejects(() => client.status(), ControlError);
    assertEquals(error.code, "busy");
  } finally {
    idle.forEach((connection) => connection.close());
  }
  await until("an answer", async () => {
    try {
      return (await client.status()).connectors.length === 2;
    } catch {
      return false;
    }
  });
});

Deno.test("control: logs have what was printed and what was done, for one or for all", async () => {
  await using run = await start(`echo "hello"; echo "trouble" >&2; exec sleep 1000`);
  const { supervisor, client, connectors: [first, second] } = run;
  await until("the output", () => supervisor.logs(first.name).counts.lines >= 4);
  const lines = await Array.fromAsync(client.logs({ connector: first.name }));
  assertEquals(new Set(lines.map(({ connector }) => connector)), new Set([first.name]));
  const hello = lines.find(({ raw }) => raw === "hello");
  assertEquals(hello, {
    connector: first.name,
    time: null,
    level: null,
    target: null,
    message: "hello",
    raw: "hello",
    stream: "stdout",
    cutBytes: 0,
  });
  const own = lines.find(({ target }) => target === "hftlive::supervisor");
  assertEquals([own?.level, own?.message], ["info", "starting"]);
  assertEquals((await Array.fromAsync(client.logs({ connector: first.name, last: 1 }))).length, 1);
  const all = await Array.fromAsync(client.logs({ last: 2 }));
  assertEquals(all.map(({ connector }) => connector), [
    ...[first.name, first.name, second.name, second.name],
  ]);
});

Deno.test("control: logs follow over a restart, end with their reader, and with the supervisor", async () => {
  await using run = await start(`echo "run $$"; exec sleep 1000`);
  const { supervisor, client, connectors: [first] } = run;
  const leaving = new AbortController();
  const seen: ConnectorLogLine[] = [];
  for await (const line of client.logs({ follow: true, signal: leaving.signal })) {
    seen.push(line);
    const runs = seen.filter(({ raw }) => raw.startsWith("run "));
    if (runs.length === 1 && stateOf(supervisor, first.name) === "ready") {
      supervisor.restart(first.name);
    }
    if (runs.length === 2) leaving.abort();
  }
  await untilState(supervisor, first.name, "ready");

  const rest = Array.fromAsync(client.logs({ follow: true, last: 0 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await supervisor.stop();
  const messages = (await rest).map(({ message }) => message);
  assert(messages.includes("stopped: on request"), messages.join("\n"));
});

Deno.test("control: a flood reaches a slow reader with the loss told, in bounded memory", async () => {
  const flood =
    `i=0; while [ $i -lt 30000 ]; do echo "line $i"; i=$((i+1)); done; echo over; ${ENDLESS}`;
  await using run = await start(flood);
  const { supervisor, client, connectors: [first] } = run;
  const logs = client.logs({ connector: first.name, follow: true });
  let count = 0;
  for await (const { raw } of logs) {
    if (count++ === 0) {
      await until(
        "the flood",
        () => supervisor.logs(first.name).last(10).some((line) => line.raw === "over"),
      );
      setTimeout(() => supervisor.stop(), 0);
    }
    assert(raw.length < 1_000);
  }
  const { lines, dropped } = supervisor.logs(first.name).counts;
  assert(lines > 2_000 && dropped > 0, `${lines} lines, ${dropped} dropped`);
  assert(count >= 2_000, `${count} lines read`);
});
