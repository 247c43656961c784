import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  ConnectorRunnerError,
  MissingPermissionError,
  SupervisorRunningError,
} from "@hftlive/hftlive";
import {
  connectControlSocket,
  ControlSocket,
} from "../../../lib/connector/supervisor/control_socket.ts";
import { cliCommand } from "../../cli/run_cli.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import { namesIn } from "../runner/support.ts";

/** A process that listens on a control socket. */
async function startListener(path: string): Promise<Deno.ChildProcess> {
  const [deno = "", ...args] = cliCommand([path], {
    permissions: ["-A"],
    script: "tests/connector/supervisor/listener_program.ts",
  });
  const child = new Deno.Command(deno, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (text.includes("listening")) break;
  }
  return child;
}

function modeOf(path: string): number {
  return Deno.lstatSync(path).mode! & 0o777;
}

Deno.test("control socket: only its owner can reach it, and it is gone when it is closed", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("run/deep/control.sock");
  {
    using socket = await ControlSocket.listen(path);
    assertEquals(socket.path, path);
    assertEquals([modeOf(path), modeOf(directory.file("run/deep"))], [0o600, 0o700]);
    using connection = await connectControlSocket(path);
    using accepted = await socket.listener.accept();
    assert(connection.localAddr.transport === accepted.localAddr.transport);
    socket[Symbol.dispose]();
  }
  assertEquals(await namesIn(directory.file("run/deep")), []);
  await assertRejects(() => connectControlSocket(path), ConnectorRunnerError, "none runs there");
});

Deno.test("control socket: the one of a living supervisor is refused, told with its process", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("control.sock");
  const child = await startListener(path);
  try {
    const error = await assertRejects(() => ControlSocket.listen(path), SupervisorRunningError);
    assertEquals([error.pid, error.socketPath], [child.pid, path]);
    (await connectControlSocket(path)).close();
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
  assert((await Deno.lstat(path)).isSocket, "a killed supervisor leaves its socket behind");
  await assertRejects(() => connectControlSocket(path), ConnectorRunnerError, "none runs there");
  using socket = await ControlSocket.listen(path);
  (await connectControlSocket(path)).close();
  assertEquals(modeOf(socket.path), 0o600);
});

Deno.test("control socket: of listeners in the same instant one wins", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("control.sock");
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, () => ControlSocket.listen(path)),
  );
  const [winner, ...others] = results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : []
  );
  assert(winner !== undefined && others.length === 0);
  (await connectControlSocket(path)).close();
  winner[Symbol.dispose]();
  winner[Symbol.dispose]();
  assertEquals(await namesIn(directory.path), []);
});

Deno.test("control socket: a directory that others can look into is refused", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("open/control.sock");
  await Deno.mkdir(directory.file("open"));
  for (const mode of [0o755, 0o750, 0o701]) {
    await Deno.chmod(directory.file("open"), mode);
    const octal = mode.toString(8);
    await assertRejects(() => ControlSocket.listen(path), ConnectorRunnerError, `mode 0${octal}`);
    await assertRejects(() => connectControlSocket(path), ConnectorRunnerError, "chmod 700");
  }
  assertEquals(await namesIn(directory.file("open")), []);
});

Deno.test("control socket: paths that cannot be used", async () => {
  await using directory = await TempDirectory.create();
  const long = directory.file("x".repeat(120));
  await assertRejects(() => ControlSocket.listen(long), ConnectorRunnerError, "at most 103");
  await assertRejects(() => connectControlSocket(long), ConnectorRunnerError, "at most 103");
  const file = await directory.write("file", "");
  await assertRejects(() => ControlSocket.listen(`${file}/control.sock`), ConnectorRunnerError);
});

Deno.test({
  name: "control socket: it needs permissions for its directory and for itself alone",
  permissions: { read: true, write: true, run: false, env: true },
  async fn() {
    await using directory = await TempDirectory.create();
    const path = directory.file("control.sock");
    const error = await assertRejects(() => ControlSocket.listen(path), MissingPermissionError);
    assertEquals(error.flags, [`--allow-net=unix:${path}`]);
  },
});
