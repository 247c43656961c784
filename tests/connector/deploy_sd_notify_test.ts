import { assert, assertEquals, assertThrows } from "@std/assert";
import { MissingPermissionError } from "@hftlive/hftlive";
import { ConnectorRunnerError, type NotifyTransport, SdNotify } from "../../lib/connector/mod.ts";
import { NotifyListener } from "../support/notify_listener.ts";
import { programMissing } from "../support/programs.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const VARIABLES = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;

const isLinux = Deno.build.os === "linux";
if (!isLinux) console.log("tests of systemd's protocol are skipped: this is not Linux");

const noProgram = await programMissing("systemd-notify");
if (noProgram !== undefined) {
  console.log(`a test with systemd-notify is skipped: ${noProgram}`);
}

/** Runs with these variables set, and no other of systemd's. */
async function withVariables(
  values: Partial<Record<typeof VARIABLES[number], string>>,
  use: () => Promise<void> | void,
): Promise<void> {
  const before = VARIABLES.map((name) => [name, Deno.env.get(name)] as const);
  const set = (name: string, value: string | undefined): void =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  for (const name of VARIABLES) set(name, values[name]);
  try {
    await use();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}

for (const transport of ["libc", "systemd-notify"] satisfies NotifyTransport[]) {
  Deno.test({
    name: `sd_notify: messages arrive on a real socket, sent by ${transport}`,
    ignore: !isLinux || (transport === "systemd-notify" && noProgram !== undefined),
    async fn() {
      await using directory = await TempDirectory.create();
      const path = directory.file("notify.sock");
      await using listener = await NotifyListener.start(path);
      await withVariables({ NOTIFY_SOCKET: path }, async () => {
        using notify = SdNotify.open({ transport });
        assert(notify);
        assertEquals([notify.transport, notify.watchdogIntervalMs], [transport, undefined]);
        const messages: [Promise<boolean>, string][] = [
          [notify.ready("2 connectors, é"), "READY=1\nSTATUS=2 connectors, é"],
          [notify.watchdog(), "WATCHDOG=1"],
          [notify.status(" two\nlines "), "STATUS=two lines"],
          [notify.stopping(), "STOPPING=1"],
        ];
        for (const [sent, expected] of messages) {
          assertEquals(await sent, true);
          // systemd-notify waits for systemd behind each message.
          let message = await listener.next();
          if (message === "BARRIER=1") message = await listener.next();
          assertEquals(message.trimEnd(), expected);
        }
        assertEquals(notify.failed, 0);
      });
    },
  });
}

Deno.test({
  name: "sd_notify: an abstract socket, as systemd may use",
  ignore: !isLinux,
  async fn() {
    // Deno cannot listen on one, so what is seen is that nobody does.
    await withVariables({ NOTIFY_SOCKET: `@hftlive-test-${crypto.randomUUID()}` }, async () => {
      using notify = SdNotify.open();
      assertEquals(await notify?.ready(), false);
      assertEquals(notify?.failed, 1);
    });
  },
});

Deno.test({
  name: "sd_notify: a message that nobody takes is counted",
  ignore: !isLinux,
  async fn() {
    await using directory = await TempDirectory.create();
    await withVariables({ NOTIFY_SOCKET: directory.file("none.sock") }, async () => {
      const notify = SdNotify.open();
      assert(notify);
      assertEquals([await notify.ready(), await notify.watchdog()], [false, false]);
      assertEquals(notify.failed, 2);
      notify[Symbol.dispose]();
      notify[Symbol.dispose]();
      assertEquals(await notify.stopping(), false);
    });
  },
});

Deno.test({
  name: "sd_notify: the watchdog's interval is half of the unit's, if it is for this process",
  ignore: !isLinux,
  async fn() {
    const cases: [Record<string, string>, number | undefined][] = [
      [{ WATCHDOG_USEC: "30000000" }, 15_000],
      [{ WATCHDOG_USEC: "30000000", WATCHDOG_PID: `${Deno.pid}` }, 15_000],
      [{ WATCHDOG_USEC: "30000000", WATCHDOG_PID: `${Deno.pid + 1}` }, undefined],
      [{ WATCHDOG_USEC: "x" }, undefined],
      [{}, undefined],
    ];
    for (const [variables, expected] of cases) {
      await withVariables({ NOTIFY_SOCKET: "/tmp/x.sock", ...variables }, () => {
        using notify = SdNotify.open();
        assertEquals(notify?.watchdogIntervalMs, expected);
      });
    }
  },
});

Deno.test({
  name: "sd_notify: no service of systemd's, or a socket of another kind",
  ignore: !isLinux,
  async fn() {
    await withVariables({}, () => assertEquals(SdNotify.open(), undefined));
    for (const path of ["vsock:2:1234", "relative", `/${"x".repeat(108)}`]) {
      await withVariables({ NOTIFY_SOCKET: path }, () => {
        assertThrows(() => SdNotify.open(), ConnectorRunnerError, `NOTIFY_SOCKET=${path}`);
      });
    }
  },
});

Deno.test({
  name: "sd_notify: without the permission to read the environment it is no service",
  permissions: { env: false },
  fn() {
    assertEquals(SdNotify.open(), undefined);
  },
});

Deno.test({
  name: "sd_notify: a missing permission names its flag",
  ignore: !isLinux,
  permissions: { env: true, ffi: false, run: false },
  async fn() {
    await withVariables({ NOTIFY_SOCKET: "/tmp/x.sock" }, () => {
      const error = assertThrows(() => SdNotify.open(), MissingPermissionError);
      assertEquals(error.flags, ["--allow-ffi"]);
    });
  },
});
