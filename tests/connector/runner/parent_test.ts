import { assert, assertEquals } from "@std/assert";
import { cliCommand } from "../../cli/run_cli.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import {
  assertNoChildren,
  childrenOf,
  ENDLESS,
  IGNORES_SIGTERM,
  isAlive,
  script,
  scriptRunner,
  until,
  untilPrinted,
} from "./support.ts";

type Ending = "wait" | "throw" | "exit" | "sigint";

/** A process that runs a connector. */
interface Parent extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  /** The connector, then its guard. */
  readonly pids: readonly [number, number];
  /** What it prints after its first line. */
  readonly rest: Promise<string>;
}

async function startParent(
  directory: TempDirectory,
  body: string,
  how: Ending = "wait",
  own: { group?: boolean } = {},
): Promise<Parent> {
  const program = await script(directory, body);
  const [deno = "", ...args] = cliCommand([program, directory.path, how], {
    permissions: ["-A"],
    script: "tests/connector/runner/parent_program.ts",
  });
  const child = new Deno.Command(deno, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
    detached: own.group ?? false,
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    assert(!done, "the parent ended before its connector ran");
    text += value;
  }
  const { pid, children }: { pid: number; children: number[] } = JSON.parse(text);
  const guards = children.filter((other) => other !== pid);
  assertEquals(guards.length, 1);
  const [guard = 0] = guards;
  const rest = (async () => {
    let tail = text.slice(text.indexOf("\n") + 1);
    for (let read = await reader.read(); !read.done; read = await reader.read()) tail += read.value;
    return tail;
  })();
  return {
    child,
    pids: [pid, guard],
    rest,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
      await rest;
    },
  };
}

async function untilGone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) await until(`the end of ${pid}`, async () => !await isAlive(pid));
}

for (const [name, body] of Object.entries({ ENDLESS, IGNORES_SIGTERM })) {
  Deno.test(`parent: killed with -9, its connector ends too (${name})`, async () => {
    await using directory = await TempDirectory.create();
    await using parent = await startParent(directory, body);
    assert(await isAlive(parent.pids[0]));
    parent.child.kill("SIGKILL");
    assertEquals((await parent.child.status).signal, "SIGKILL");
    await untilGone(parent.pids);
  });
}

for (const how of ["throw", "exit"] as const) {
  Deno.test(`parent: ended by ${how}, its connector ends too`, async () => {
    await using directory = await TempDirectory.create();
    await using parent = await startParent(directory, IGNORES_SIGTERM, how);
    assertEquals((await parent.child.status).code, how === "throw" ? 1 : 3);
    await untilGone(parent.pids);
  });
}

Deno.test("parent: a guard that is killed first is replaced, so that no order leaves an orphan", async () => {
  await using directory = await TempDirectory.create();
  await using parent = await startParent(directory, IGNORES_SIGTERM);
  const [connector, guard] = parent.pids;
  Deno.kill(guard, "SIGKILL");
  let successor: number | undefined;
  await until("another guard", async () => {
    const others = await childrenOf(parent.child.pid);
    successor = others.find((pid) => pid !== connector && pid !== guard);
    return successor !== undefined;
  });
  assert(successor !== undefined);
  // It has to have been told whom to watch: as soon as it has, it waits in a read.
  await new Promise((resolve) => setTimeout(resolve, 300));
  parent.child.kill("SIGKILL");
  await untilGone([connector, guard, successor]);
});

Deno.test("parent: a guard does not end a connector that runs, nor for signals of the terminal", async () => {
  await using directory = await TempDirectory.create();
  await using parent = await startParent(directory, ENDLESS);
  const [connector, guard] = parent.pids;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) {
    Deno.kill(guard, signal);
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert(await isAlive(connector) && await isAlive(guard));
  Deno.kill(connector, "SIGKILL");
  await untilGone([connector, guard]);
  assert(await isAlive(parent.child.pid));
});

Deno.test("parent: Ctrl+C reaches all of the group, and the connector counts as stopped", async () => {
  await using directory = await TempDirectory.create();
  // A connector that takes its time, as the real one does, so that the parent is first.
  const body = `trap 'sleep 0.5; exit 1' INT TERM; echo "pid $$"; while :; do sleep 0.05; done`;
  await using parent = await startParent(directory, body, "sigint", { group: true });
  Deno.kill(-parent.child.pid, "SIGINT");
  const { code, signal } = await parent.child.status;
  assertEquals([code, signal], [130, null]);
  const exit: { reason: string; code: number } = JSON.parse(await parent.rest);
  assertEquals([exit.reason, exit.code], ["stopped", 1]);
  await untilGone(parent.pids);
});

Deno.test("parent: the guard goes with its connector", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(directory, ENDLESS);
  await runner.start();
  await untilPrinted(runner, "pid");
  const { pid } = runner;
  assert(pid !== undefined);
  const children = await childrenOf(Deno.pid);
  assert(children.includes(pid) && children.length >= 2);
  await runner.stop();
  await assertNoChildren();
});
