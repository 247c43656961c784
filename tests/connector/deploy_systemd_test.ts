import { assert, assertEquals, assertThrows } from "@std/assert";
import { InvalidInputError } from "@hftlive/hftlive";
import { systemdUnit, type SystemdUnitOptions } from "../../lib/connector/mod.ts";
import { programMissing } from "../support/programs.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const MINIMAL: SystemdUnitOptions = { command: [Deno.execPath(), "run"], user: "root" };

const noSystemd = await programMissing("systemd-analyze");
if (noSystemd !== undefined) {
  console.log(`tests of units by systemd itself are skipped: ${noSystemd}`);
}

/** What systemd says about a unit; empty when it has nothing against it. */
async function verify(unit: string): Promise<string> {
  await using directory = await TempDirectory.create();
  const path = await directory.write("hftlive-test.service", unit);
  const { success, stderr } = await new Deno.Command("systemd-analyze", {
    args: ["verify", "--man=no", "--recursive-errors=no", path],
  }).output();
  const text = new TextDecoder().decode(stderr).trim();
  return success ? text : text || "systemd-analyze failed";
}

/** Values of a setting. */
function valuesOf(unit: string, name: string): string[] {
  return unit.split("\n").filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));
}

/** Reads words as systemd.syntax(7) and systemd.service(5) describe them. */
function words(value: string): string[] {
  return [...value.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, quoted, bare]) =>
    (bare ?? quoted ?? "").replace(/\\(.)/g, "$1").replaceAll("%%", "%").replaceAll("$$", "$")
  );
}

/** Texts that would mean something else if they were not quoted. */
const AWKWARD = [
  "a b",
  "100%",
  "%n",
  "$HOME",
  "${HOME}",
  'q"q',
  "it's",
  "back\\slash\\",
  "",
  "-x",
  ";",
  "a;b",
  "#",
  "é",
  "~",
];

Deno.test("systemd unit: arguments arrive as they were given", () => {
  const unit = systemdUnit({ ...MINIMAL, command: ["/opt/a b/50%/deno", ...AWKWARD] });
  const [start] = valuesOf(unit, "ExecStart");
  assertEquals(words(start ?? ""), ["/opt/a b/50%/deno", ...AWKWARD]);
  for (const [, quoted] of start!.matchAll(/"((?:\\.|[^"\\])*)"/g)) {
    assertEquals(quoted!.replaceAll("%%", "").includes("%"), false, "a lone % is a specifier");
  }
  assertEquals(start!.replace(/"[^]*?deno"/, "").replaceAll("$$", "").includes("$"), false);
});

Deno.test("systemd unit: what a supervisor of connectors needs", () => {
  const unit = systemdUnit({
    ...MINIMAL,
    user: "trader",
    group: "desk",
    workingDirectory: "/srv/hft live",
    environment: { RUST_LOG: "info", NOTE: 'a "b" 5% \\ $x', EMPTY: "" },
    environmentFile: "/etc/hft%live/env",
    credentials: { "binance.pem": "/etc/keys/b%1" },
    writablePaths: ["/var/log/hft live"],
    watchdogMs: 7_000,
    stopTimeoutMs: 11_000,
    restartDelayMs: 250,
    maxRestarts: 3,
    notifyAccess: "all",
  });
  const expected: Record<string, string[]> = {
    Type: ["notify"],
    NotifyAccess: ["all"],
    User: ["trader"],
    Group: ["desk"],
    WorkingDirectory: ["/srv/hft live"],
    Environment: ['"RUST_LOG=info"', '"NOTE=a \\"b\\" 5%% \\\\ $x"', '"EMPTY="'],
    EnvironmentFile: ["/etc/hft%%live/env"],
    LoadCredential: ["binance.pem:/etc/keys/b%%1"],
    WatchdogSec: ["7000ms"],
    TimeoutStopSec: ["11000ms"],
    Restart: ["on-failure"],
    RestartSec: ["250ms"],
    StartLimitBurst: ["3"],
    KillMode: ["mixed"],
    PrivateTmp: ["no"],
    PrivateIPC: ["no"],
    RemoveIPC: ["no"],
    NoNewPrivileges: ["yes"],
    ProtectSystem: ["strict"],
    MemoryDenyWriteExecute: ["no"],
    ReadWritePaths: ['"/tmp" "/dev/shm" "/var/log/hft live"'],
    LimitCORE: ["0"],
    UMask: ["0077"],
  };
  for (const [name, values] of Object.entries(expected)) {
    assertEquals(valuesOf(unit, name), values, name);
  }
  assert(/^# Bots reach a connector through files in \/tmp\/iceoryx2/m.test(unit));
});

Deno.test("systemd unit: what cannot stand in one is refused", () => {
  const cases: [Partial<SystemdUnitOptions>, string][] = [
    [{ command: ["deno"] }, "command"],
    [{ command: ["/opt/a'b/deno"] }, "command"],
    [{ command: ["/opt/deno\n"] }, "command"],
    [{ command: ["/opt/deno", "a\nExecStartPre=/bin/evil"] }, "command"],
    [{ user: "" }, "user"],
    [{ user: "a b" }, "user"],
    [{ user: "root\nUser=x" }, "user"],
    [{ group: "$x" }, "group"],
    [{ description: "two\nlines" }, "description"],
    [{ description: "ends in \\" }, "description"],
    [{ workingDirectory: "relative" }, "workingDirectory"],
    [{ workingDirectory: "/a\\" }, "workingDirectory"],
    [{ workingDirectory: "~" }, "workingDirectory"],
    [{ environment: { "A B": "x" } }, "environment"],
    [{ environment: { A: "x\ny" } }, "environment.A"],
    [{ environment: { BINANCE_API_KEY: "x" } }, "environment"],
    [{ environment: { api_secret: "x" } }, "environment"],
    [{ environmentFile: "/etc/*.env" }, "environmentFile"],
    [{ credentials: { "a:b": "/x" } }, "credentials"],
    [{ credentials: { a: "/x:y" } }, "credentials.a"],
    [{ credentials: { a: "x" } }, "credentials.a"],
    [{ writablePaths: ["var"] }, "writablePaths"],
    [{ watchdogMs: 0 }, "watchdogMs"],
    [{ maxRestarts: 1.5 }, "maxRestarts"],
  ];
  for (const [changes, field] of cases) {
    const error = assertThrows(() => systemdUnit({ ...MINIMAL, ...changes }), InvalidInputError);
    assertEquals(error.field, field);
    assert(!error.message.includes("\n"), error.message);
  }
});

Deno.test({
  name: "systemd unit: systemd has nothing against it",
  ignore: noSystemd !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const program = directory.file("a $x 50% é");
    await directory.write("a $x 50% é", "#!/bin/sh\n", { mode: 0o755 });
    const units = [
      systemdUnit(MINIMAL),
      // systemd looks whether the program is there, so its path is seen to arrive.
      systemdUnit({
        ...MINIMAL,
        command: [program, ...AWKWARD],
        group: "root",
        description: 'x %n 50% "a"',
        workingDirectory: directory.path,
        environment: { A: 'b "c" % $d \\e', EMPTY: "" },
        environmentFile: "/etc/hft live 50%",
        credentials: { key: "/etc/a b" },
        writablePaths: ['/var/log/h "f" %t \\'],
      }),
    ];
    for (const unit of units) assertEquals(await verify(unit), "");
  },
});

Deno.test({
  name: "systemd unit: the check by systemd does find faults",
  ignore: noSystemd !== undefined,
  async fn() {
    const unit = systemdUnit({ ...MINIMAL, command: ["/no/such/program"] });
    assert((await verify(unit)).includes("/no/such/program"));
    assert((await verify(systemdUnit(MINIMAL).replace("UMask=", "UMsk="))).includes("UMsk"));
  },
});
