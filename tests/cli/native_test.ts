import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { nativeReady } from "../support/native_ready.ts";
import { runCli, startCli } from "./run_cli.ts";
import { inCheckout } from "../support/checkout.ts";

const ignore = nativeReady({ simConnector: false }) !== undefined;

Deno.test({
  name: "native path prints the file that native info loads",
  ignore,
  async fn() {
    const path = await runCli(["native", "path"], { permissions: ["--allow-read", "--allow-env"] });
    assertEquals(path.code, 0, path.stderr);
    const info = await runCli(["native", "info", "--json"], {
      permissions: ["--allow-ffi", "--allow-read", "--allow-env"],
    });
    assertEquals(info.code, 0, info.stderr);
    const report = JSON.parse(info.stdout);
    assertEquals(report.path, path.stdout.trim());
    assertEquals([report.abiVersion, report.recordSize], [1, 64]);
    assertEquals([report.hftbacktest, report.iceoryx2], ["0.9.4", "0.6.1"]);
    assert(["HFTLIVE_LIB", "module", "build", "cache"].includes(report.origin), report.origin);
  },
});

Deno.test({
  name: "native info needs no more than the permission to load its one file",
  ignore,
  async fn() {
    const all = ["--allow-read", "--allow-env"];
    const path = (await runCli(["native", "path"], { permissions: all })).stdout.trim();
    for (const args of [[], ["--library", path]]) {
      const { code, stdout, stderr } = await runCli(["native", "info", ...args], {
        permissions: [...all, `--allow-ffi=${path}`],
      });
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, path);
    }
  },
});

Deno.test("native path says where it looked", async () => {
  const { code, stderr } = await runCli(["native", "path"], {
    permissions: ["--allow-read", "--allow-env"],
    env: { HFTLIVE_LIB: "/nowhere/lib.so" },
  });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Cannot find the native library");
  assertStringIncludes(stderr, "HFTLIVE_LIB: /nowhere/lib.so: no such file");
});

Deno.test("native info refuses a file that is no library", async () => {
  const path = inCheckout("deno.json");
  const { code, stderr } = await runCli(["native", "info", "--library", path], {
    permissions: ["--allow-ffi", "--allow-read"],
  });
  assertEquals(code, 1);
  assertStringIncludes(stderr, `hftlive: Cannot load the native library ${path}`);
});

Deno.test("native build without cargo says where to get it", async () => {
  const { code, stdout, stderr } = await runCli(["native", "build", "--quiet"], {
    permissions: ["--allow-read", "--allow-run", "--allow-env"],
    env: { PATH: "/nowhere" },
  });
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "https://rustup.rs");
});

Deno.test("SIGINT ends native build and its cargo", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${directory}/cargo`,
      `#!/bin/sh\necho $$ > ${directory}/pid\nexec sleep 60\n`,
      { mode: 0o755 },
    );
    await using cli = startCli(["native", "build"], {
      permissions: ["--allow-read", "--allow-run", "--allow-env"],
      env: { PATH: `${directory}:${Deno.env.get("PATH")}` },
    });
    await cli.prints("stderr", /Waiting for cargo/);
    const pid = await waitForFile(`${directory}/pid`);
    cli.kill("SIGINT");
    const { code, stdout } = await cli.ended;
    assertEquals([code, stdout], [130, ""]);
    assertEquals(await isAlive(pid), false);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

async function waitForFile(path: string): Promise<string> {
  for (;;) {
    const text = await Deno.readTextFile(path).catch(() => "");
    if (text.endsWith("\n")) return text.trim();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function isAlive(pid: string): Promise<boolean> {
  const { success } = await new Deno.Command("kill", { args: ["-0", pid], stderr: "null" })
    .output();
  return success;
}
