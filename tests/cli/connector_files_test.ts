/**
 * The `cli.ts connector` commands that read, check and write files, and the one that builds.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { VALID_CONFIG } from "../connector/runner/support.ts";
import { programMissing } from "../support/programs.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { type CliResult, runCli } from "./run_cli.ts";

const CONNECTORS = `[[connector]]
name = "bf"
type = "binancefutures"
config = "bf.toml"
`;

const noCargo = await programMissing("cargo");
const noSystemd = await programMissing("systemd-analyze");
if (noCargo !== undefined) console.log(`tests that build with cargo are skipped: ${noCargo}`);
if (noSystemd !== undefined) console.log(`units are not checked by systemd: ${noSystemd}`);

function connector(
  line: readonly string[],
  permissions: readonly string[] = ["-A"],
  env: Record<string, string> = {},
): Promise<CliResult> {
  return runCli(["connector", ...line], { permissions, env });
}

Deno.test("connector init writes what connector validate takes, and never overwrites", async () => {
  await using directory = await TempDirectory.create();
  for (const type of ["binancefutures", "binancespot", "bybit"]) {
    const path = directory.file(`${type}.toml`);
    const written = await connector(["init", type, path], [`--allow-write=${path}`]);
    assertEquals([written.code, written.stdout], [0, `${path}\n`], written.stderr);
    assertEquals(
      written.stderr,
      `Edit it, then check it with: connector validate --type ${type} ${path}\n`,
    );
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    const again = await connector(["init", type, path]);
    assertEquals([again.code, again.stdout], [2, ""]);
    assertStringIncludes(again.stderr, `${path}: exists already, and is left as it is`);

    const { code, stdout } = await connector(
      ["validate", "--type", type, path],
      [`--allow-read=${path}`],
    );
    assertEquals(code, 0);
    assertStringIncludes(stdout, `${type}: network test\n${path} can be used`);
  }
});

Deno.test("connector init writes a file of connectors beside the configuration it names", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("connectors.toml");
  assertEquals((await connector(["init", "connectors", path])).code, 0);
  assertEquals(
    (await connector(["init", "binancefutures", directory.file("binancefutures.toml")])).code,
    0,
  );
  const { code, stdout, stderr } = await connector(["validate", path, "--json"]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(JSON.parse(stdout), {
    valid: true,
    file: path,
    connectors: [{ name: "bf", type: "binancefutures", network: "test", channel: null }],
    warnings: [],
  });
});

Deno.test("connector validate tells all problems with code 2, and warnings with code 0", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("bf.toml", 'strem_url = "x"\napi_url = 5\n');
  const wrong = await connector(["validate", "--type", "binancefutures", path]);
  assertEquals([wrong.code, wrong.stdout], [2, ""]);
  assertStringIncludes(
    wrong.stderr,
    `${path}:1: unknown key "strem_url", did you mean "stream_url"`,
  );
  assertStringIncludes(wrong.stderr, `${path}:2: api_url: expected a text in quotes, is a number`);

  await Deno.writeTextFile(path, VALID_CONFIG);
  await Deno.chmod(path, 0o644);
  const open = await connector(["validate", "--type", "binancefutures", path]);
  assertEquals(open.code, 0);
  assertMatch(open.stderr, /^warning: .*bf\.toml: other users may read or change it \(mode 0644\)/);
  assertStringIncludes(open.stdout, "can be used, with 1 warning");
  const quiet = await connector(["validate", "--type", "binancefutures", path, "--quiet"]);
  assertEquals(quiet.stderr, "");
});

Deno.test("connector validate --secrets looks for secrets that are kept elsewhere", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write(
    "bf.toml",
    `${VALID_CONFIG}api_key = "env:HFTLIVE_TEST_KEY"\nsecret = "file:secret"\n`,
    { mode: 0o600 },
  );
  const line = ["validate", "--type", "binancefutures", path];
  assertEquals((await connector(line)).code, 0);
  const missing = await connector([...line, "--secrets"]);
  assertEquals(missing.code, 2);
  assertStringIncludes(
    missing.stderr,
    'api_key = "env:HFTLIVE_TEST_KEY": the environment variable',
  );
  assertStringIncludes(missing.stderr, 'secret = "file:secret": no such file');
  await directory.write("secret", "verysecretvalue", { mode: 0o600 });
  const found = await connector([...line, "--secrets"], ["-A"], {
    HFTLIVE_TEST_KEY: "averysecretkey",
  });
  assertEquals(found.code, 0, found.stderr);
  assert(!/verysecret/.test(found.stdout + found.stderr));
  const refused = await connector([...line, "--secrets"], [`--allow-read=${path}`]);
  assertEquals(refused.code, 3);
  assertStringIncludes(refused.stderr, "--allow-env=HFTLIVE_TEST_KEY");
});

Deno.test("connector systemd writes a unit that systemd takes", async () => {
  await using directory = await TempDirectory.create();
  await directory.write("bf.toml", VALID_CONFIG, { mode: 0o600 });
  await Deno.mkdir(directory.file("logs"));
  const file = await directory.write(
    "connectors.toml",
    `[supervisor]\nlog_dir = "logs"\n${CONNECTORS}stop_timeout_s = 25\n`,
  );
  const unit = directory.file("hftlive.service");
  const line = ["systemd", "--file", file, "--user", "root", "--credential", "key=/etc/keys/bf"];
  const printed = await connector([...line, "--env", "RUST_LOG=info"], ["--allow-read"]);
  assertEquals([printed.code, printed.stderr], [0, ""]);
  for (
    const text of [
      Deno.execPath(),
      ' "run" "--no-prompt" "-A" "',
      `"connector" "up" "--file=${file}"\n`,
      "SuccessExitStatus=130\n",
      "TimeoutStopSec=40000ms\n",
      "LoadCredential=key:/etc/keys/bf\n",
      'Environment="RUST_LOG=info"\n',
      `ReadWritePaths="/tmp" "/dev/shm" "${directory.file("logs")}"\n`,
      `WorkingDirectory=${directory.path}\n`,
    ]
  ) assertStringIncludes(printed.stdout, text);

  const written = await connector([...line, "--output", unit]);
  assertEquals([written.code, written.stdout], [0, `${unit}\n`]);
  const again = await connector([...line, "--output", unit]);
  assertEquals(again.code, 2);
  assertStringIncludes(again.stderr, "exists already");
  if (noSystemd === undefined) {
    const { stderr } = await new Deno.Command("systemd-analyze", { args: ["verify", unit] })
      .output();
    const complaints = new TextDecoder().decode(stderr).split("\n")
      .filter((text) => text.includes("hftlive.service"));
    assertEquals(complaints, []);
  }
});

Deno.test("connector systemd refuses a secret in the unit, and a file that is wrong", async () => {
  await using directory = await TempDirectory.create();
  await directory.write("bf.toml", VALID_CONFIG, { mode: 0o600 });
  const file = await directory.write("connectors.toml", CONNECTORS);
  const line = ["systemd", "--file", file, "--user", "root"];
  const secret = await connector([...line, "--env", "API_SECRET=verysecretvalue"]);
  assertEquals([secret.code, secret.stdout], [2, ""]);
  assertMatch(
    secret.stderr,
    /^hftlive: Cannot use --env = "API_SECRET": expected no secrets/,
  );
  assert(!secret.stderr.includes("verysecretvalue"));
  const user = await connector(["systemd", "--file", file], ["-A"], { USER: "" });
  assertEquals(user.code, 2);
  assertStringIncludes(user.stderr, "USER is not set, give --user NAME");
  await Deno.writeTextFile(file, "x = 1");
  assertEquals((await connector(line)).code, 2);
});

Deno.test("connector docker writes both files, and never overwrites", async () => {
  await using directory = await TempDirectory.create();
  const line = ["docker", "--ref", "5f3ec40", directory.path, "--type", "bybit"];
  const { code, stdout } = await connector(
    [...line, "--secret-file", "bybit.key=./keys/bybit", "--shm-size", "512"],
    [`--allow-write=${directory.path}`],
  );
  assertEquals(code, 0);
  const paths = [directory.file("Dockerfile"), directory.file("compose.yaml")];
  assertEquals(stdout, `${paths.join("\n")}\n`);
  const [dockerfile = "", compose = ""] = await Promise.all(
    paths.map((path) => Deno.readTextFile(path)),
  );
  assertStringIncludes(dockerfile, "checkout --detach 5f3ec40");
  assertStringIncludes(dockerfile, "--features bybit");
  const command = '["connector","up","--file","/etc/hftlive/connectors.toml"]';
  assertStringIncludes(dockerfile, `CMD ${command}`);
  assertStringIncludes(compose, "shm_size: 536870912");
  assertStringIncludes(compose, "./keys/bybit");
  const again = await connector(line);
  assertEquals([again.code, again.stdout], [2, ""]);
  assertStringIncludes(again.stderr, `Cannot write the file: ${paths[0]}: exists already`);

  const made = directory.file("new/deploy");
  const elsewhere = await connector(["docker", "--ref", "5f3ec40", made]);
  assertEquals([elsewhere.code, elsewhere.stdout], [
    0,
    `${made}/Dockerfile\n${made}/compose.yaml\n`,
  ]);
  const inFile = await connector(["docker", "--ref", "5f3ec40", paths[0]!]);
  assertEquals(inFile.code, 2);
  assertStringIncludes(inFile.stderr, `${paths[0]} is not a directory`);
  const nowhere = await connector(["init", "bybit", directory.file("nowhere/x.toml")]);
  assertEquals(nowhere.code, 2);
  assertStringIncludes(nowhere.stderr, "there is no such directory");
});

/** A project with a connector crate that has no dependencies. */
async function project(directory: TempDirectory, source: string): Promise<string> {
  const root = directory.file("project");
  await Deno.mkdir(`${root}/connector/src`, { recursive: true });
  await Deno.writeTextFile(
    `${root}/connector/Cargo.toml`,
    '[package]\nname = "connector"\nversion = "0.1.0"\nedition = "2024"\n[features]\nbybit = []\n',
  );
  await Deno.writeTextFile(`${root}/connector/src/main.rs`, source);
  return root;
}

Deno.test({
  name: "connector build prints the program's path, or the compiler's first error",
  ignore: noCargo !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const root = await project(directory, "fn main() {}");
    const env = { CARGO_NET_OFFLINE: "true", CARGO_TARGET_DIR: directory.file("target") };
    const line = ["build", "--project-root", root];
    const { code, stdout, stderr } = await connector(
      [...line, "--feature", "bybit", "--quiet"],
      [`--allow-read=${root}`, "--allow-run=cargo"],
      env,
    );
    assertEquals([code, stderr], [0, ""]);
    assert((await Deno.stat(stdout.trim())).isFile, stdout);
    const json = JSON.parse((await connector([...line, "--json"], ["-A"], env)).stdout);
    assertEquals([json.path, json.projectRoot], [stdout.trim(), root]);

    await Deno.writeTextFile(`${root}/connector/src/main.rs`, "fn main() { let x: u8 = 256; }");
    const failed = await connector([...line, "--quiet"], ["-A"], env);
    assertEquals([failed.code, failed.stdout], [1, ""]);
    assertMatch(failed.stderr, /^error: literal out of range for `u8`\n +--> /);
    assertMatch(
      failed.stderr,
      /^hftlive: Cannot build .*Cargo\.toml: cargo ended with code 101: /m,
    );
  },
});
