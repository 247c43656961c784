import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { styles } from "../../lib/cli/ansi.ts";
import { judgeCargo } from "../../lib/cli/doctor/cargo.ts";
import { iceoryxProcesses, judgeIceoryxFiles } from "../../lib/cli/doctor/iceoryx_files.ts";
import { doctorReport } from "../../lib/cli/doctor/report.ts";
import { judgeSharedMemory } from "../../lib/cli/doctor/shared_memory.ts";
import { checkDeno } from "../../lib/cli/doctor/surroundings.ts";
import { DEFAULT_CHANNEL_SIZES } from "../../lib/model/channel_sizes.ts";
import { nativeReady, startSimConnector } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { runCli } from "./run_cli.ts";

const VARIABLE = "HFTBACKTEST_CHANNEL_CONFIG";

interface Check {
  readonly name: string;
  readonly status: string;
  readonly seen: string;
  readonly advice?: string;
}

async function doctor(
  args: readonly string[],
  options: Parameters<typeof runCli>[1],
): Promise<{ code: number; ok: boolean; check(name: string): Check }> {
  const { code, stdout, stderr } = await runCli(["doctor", "--json", ...args], options);
  assertEquals(stderr, "");
  const { ok, checks } = JSON.parse(stdout);
  return {
    code,
    ok,
    check(name) {
      const found = checks.find((check: Check) => check.name === name);
      assert(found, `there is a check ${name}`);
      return found;
    },
  };
}

Deno.test("doctor without permissions names the flag of each check and fails none", async () => {
  const { code, ok, check } = await doctor(["--connector", "nobody"], {});
  assertEquals([code, ok], [0, true]);
  assertEquals(check("Deno").status, "ok");
  const unchecked: readonly (readonly [string, string])[] = [
    ["cargo", "--allow-run=cargo"],
    ["Native library", "--allow-ffi"],
    ["Channel size", `--allow-env=${VARIABLE}`],
    ["Channel nobody", "--allow-ffi"],
  ];
  for (const [name, flag] of unchecked) {
    assertEquals(check(name).status, "notChecked", name);
    assertStringIncludes(check(name).advice ?? "", flag);
  }
});

Deno.test("doctor reads the size of channels", async () => {
  const path = await Deno.makeTempFile({ suffix: ".toml" });
  const permissions = ["--allow-env", "--allow-read"];
  const env = { [VARIABLE]: path };
  try {
    await Deno.writeTextFile(path, "buffer_size = 64\nmax_bots = 4\n");
    const good = await doctor([], { permissions, env });
    assertEquals(good.check("Channel size").status, "ok");
    assertStringIncludes(good.check("Channel size").seen, "64 messages for each of at most 4 bots");

    for (
      const [text, reason] of [
        ["buffer_size = 64\n", 'missing key "max_bots"'],
        ["buffer_size = -1\nmax_bots = 4\n", "buffer_size: expected a whole number"],
        ["buffer_size = 1.5\nmax_bots = 4\n", "is 1.5"],
        ["buffer_size = = 3\n", "not valid TOML"],
      ] as const
    ) {
      await Deno.writeTextFile(path, text);
      const bad = await doctor([], { permissions, env });
      assertEquals([bad.code, bad.ok], [1, false]);
      assertEquals(bad.check("Channel size").status, "failed");
      assertStringIncludes(bad.check("Channel size").seen, reason);
    }
  } finally {
    await Deno.remove(path);
  }
  const missing = await doctor([], { permissions, env });
  assertEquals(missing.check("Channel size").status, "failed");
});

Deno.test("doctor says how to get a library that is not there", async () => {
  const { code, check } = await doctor(["--library", "/nowhere/lib.so", "--connector", "c"], {
    permissions: ["--allow-ffi", "--allow-read"],
  });
  assertEquals(code, 1);
  assertEquals(check("Native library").status, "failed");
  assertStringIncludes(check("Native library").seen, "/nowhere/lib.so");
  assertStringIncludes(check("Native library").advice ?? "", "native build");
  assertEquals(check("Channel c").status, "notChecked");
});

Deno.test({
  name: "doctor finds an attached connector, and misses it when it has ended",
  ignore: nativeReady() !== undefined,
  async fn() {
    const permissions = ["-A"];
    const sim = await startSimConnector();
    try {
      const { check } = await doctor(["--connector", sim.name], { permissions });
      assertEquals(check("Native library").status, "ok");
      assertEquals(check(`Channel ${sim.name}`).status, "ok");
      assertStringIncludes(check(`Channel ${sim.name}`).seen, `process id ${sim.pid}`);
      assertStringIncludes(
        check(`Channel ${sim.name}`).seen,
        "10000 messages for each of at most 200 bots",
      );
      await using directory = await TempDirectory.create();
      const path = await directory.write("c.toml", "buffer_size = 10001\nmax_bots = 4\n");
      const larger = await doctor(["--connector", sim.name], {
        permissions,
        env: { [VARIABLE]: path },
      });
      assertEquals([larger.code, larger.check(`Channel ${sim.name}`).status], [1, "failed"]);
      assertStringIncludes(
        larger.check(`Channel ${sim.name}`).seen,
        "bots started here ask for 10001 messages for each of at most 4 bots",
      );
    } finally {
      await sim.stop();
    }
    const { code, check } = await doctor(["--connector", sim.name], { permissions });
    assertEquals([code, check(`Channel ${sim.name}`).status], [1, "failed"]);
    assertStringIncludes(check(`Channel ${sim.name}`).advice ?? "", `connector ${sim.name} TYPE`);
  },
});

Deno.test("doctor prints a text for people", async () => {
  const { code, stdout } = await runCli(["doctor"]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "not checked");
  assertStringIncludes(stdout, "-> Run doctor with --allow-ffi");
});

Deno.test("checkDeno knows what is too old", () => {
  assertEquals(checkDeno("2.7.14").status, "failed");
  assertEquals(checkDeno("1.46.3").status, "failed");
  assertEquals(checkDeno("2.8.0").status, "ok");
  assertEquals(checkDeno("3.0.0").status, "ok");
});

Deno.test("judgeCargo knows what is too old", () => {
  assertEquals(judgeCargo("cargo 1.90.0 (840b83a10 2025-07-30)").status, "warning");
  assertEquals(judgeCargo("cargo 1.91.0 (ea2d97820 2025-10-10)").status, "warning");
  assertEquals(judgeCargo("cargo 1.91.1 (ea2d97820 2025-10-10)").status, "ok");
  assertEquals(judgeCargo("cargo 1.100.0").status, "ok");
  assertEquals(judgeCargo("cargo 2.0.0").status, "ok");
  assertEquals(judgeCargo("").status, "warning");
});

Deno.test("judgeSharedMemory compares the room with a channel's size", () => {
  const GiB = 2 ** 30;
  assertEquals(judgeSharedMemory(2 * GiB, 2 * GiB, DEFAULT_CHANNEL_SIZES).status, "ok");
  const docker = judgeSharedMemory(64 * 2 ** 20, 64 * 2 ** 20, DEFAULT_CHANNEL_SIZES);
  assertEquals(docker.status, "warning");
  assertStringIncludes(docker.seen, "64.0 MiB of 64.0 MiB free");
  assertStringIncludes(docker.advice ?? "", "--shm-size");
  const small = { bufferSize: 1000, maxBots: 4 };
  assertEquals(judgeSharedMemory(64 * 2 ** 20, 64 * 2 ** 20, small).status, "ok");
});

Deno.test("iceoryxProcesses reads process ids from the names of node files", () => {
  const id = (pid: bigint) => (123n << 96n) | (456n << 64n) | (789n << 32n) | pid;
  const files = [
    `iox2_${id(11n)}.node_monitor`,
    `iox2_${id(11n) + (1n << 96n)}.node_monitor`,
    `iox2_${id(4_000_000n)}.node_monitor`,
    `iox2_${id(11n)}.details`,
    "something else",
  ];
  assertEquals(iceoryxProcesses(files, (pid) => pid === 11), [
    { pid: 11, alive: true },
    { pid: 4_000_000, alive: false },
  ]);
});

Deno.test("judgeIceoryxFiles tells the living from the dead", () => {
  const memory = { count: 2, bytes: 4096 };
  const alive = { pid: 1, alive: true };
  const dead = { pid: 99, alive: false };
  assertEquals(judgeIceoryxFiles([alive], memory).status, "ok");
  assertEquals(judgeIceoryxFiles([], { count: 0, bytes: 0 }).status, "ok");
  const left = judgeIceoryxFiles([alive, dead], memory);
  assertEquals(left.status, "warning");
  assertStringIncludes(left.seen, "left behind by dead: 99");
  assertEquals(judgeIceoryxFiles([], memory).status, "warning");
});

Deno.test("doctorReport counts how the checks came out", () => {
  const text = doctorReport([
    { name: "A", status: "ok", seen: "fine" },
    { name: "B", status: "failed", seen: "broken", advice: "Mend it" },
    { name: "C", status: "notChecked", seen: "hidden" },
  ], { columns: 80, style: styles(false) });
  assertEquals(
    text,
    "ok           A: fine\n" +
      "failed       B: broken\n" +
      "             -> Mend it\n" +
      "not checked  C: hidden\n" +
      "\n3 checks: 1 ok, 1 failed, 1 not checked\n",
  );
});
