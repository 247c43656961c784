import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MissingPermissionError } from "@hftlive/hftlive";
import {
  configTemplate,
  CONNECTOR_TYPES,
  ConnectorConfigError,
  validateConfigFile,
  writeConfigTemplate,
} from "../../lib/connector/mod.ts";
import { TempDirectory } from "../support/temp_directory.ts";

Deno.test("config file: what init writes is private, valid and for the test net", async () => {
  await using directory = await TempDirectory.create();
  for (const type of CONNECTOR_TYPES) {
    const path = directory.file(`${type}.toml`);
    await writeConfigTemplate(type, path);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    assertEquals(await Deno.readTextFile(path), configTemplate(type));
    const validated = await validateConfigFile(type, path);
    assertEquals([validated.network, validated.path], ["test", path]);
    assertEquals(validated.config.orderPrefix, "hftlive");
    // Bybit's connector asks for keys whether there are any or not; the others have nothing odd.
    assertEquals(validated.warnings.length, type === "bybit" ? 1 : 0);
  }
});

Deno.test("config file: init never touches what is there", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("bf.toml", "mine", { mode: 0o644 });
  await Deno.symlink(directory.file("nowhere.toml"), directory.file("link.toml"));
  for (const name of ["bf.toml", "link.toml"]) {
    const error = await assertRejects(
      () => writeConfigTemplate("binancefutures", directory.file(name)),
      ConnectorConfigError,
    );
    assertStringIncludes(error.message, "exists already");
  }
  assertEquals(await Deno.readTextFile(path), "mine");
  const names = (await Array.fromAsync(Deno.readDir(directory.path))).map(({ name }) => name);
  assertEquals(names.toSorted(), ["bf.toml", "link.toml"]);

  await assertRejects(
    () => writeConfigTemplate("bybit", directory.file("no/such/dir.toml")),
    ConnectorConfigError,
    "no/such/dir.toml",
  );
});

Deno.test("config file: one that others may read is used with a warning", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("bf.toml", configTemplate("binancefutures"));
  for (const [mode, isWarned] of [[0o600, false], [0o400, false], [0o640, true], [0o604, true]]) {
    await Deno.chmod(path, Number(mode));
    const { warnings } = await validateConfigFile("binancefutures", path);
    assertEquals(warnings.length, isWarned ? 1 : 0);
    if (isWarned) {
      assertStringIncludes(warnings[0]!, `mode 0${Number(mode).toString(8)}`);
      assertStringIncludes(warnings[0]!, `chmod 600 ${path}`);
    }
  }
});

Deno.test("config file: what cannot be read says why", async () => {
  await using directory = await TempDirectory.create();
  await Deno.mkdir(directory.file("dir.toml"));
  await Deno.writeFile(directory.file("latin1.toml"), new Uint8Array([0x61, 0xe9, 0x0a]));
  await directory.write("huge.toml", "#".repeat(300_000));
  for (
    const [name, reason] of [
      ["dir.toml", "is not a file"],
      ["latin1.toml", "is not UTF-8 text"],
      ["huge.toml", "is larger than 262144 bytes"],
      ["none.toml", "no such file"],
    ] as const
  ) {
    const path = directory.file(name);
    const error = await assertRejects(
      () => validateConfigFile("bybit", path),
      ConnectorConfigError,
    );
    assertStringIncludes(error.message, `${path}: ${reason}`);
    assertEquals(error.file, path);
  }
});

Deno.test("config file: a relative path is told as it is, and kept as an absolute one", async () => {
  await using directory = await TempDirectory.create();
  await directory.write("bf.toml", configTemplate("binancefutures"), { mode: 0o600 });
  const before = Deno.cwd();
  Deno.chdir(directory.path);
  try {
    const { path } = await validateConfigFile("binancefutures", "bf.toml");
    assert(path.startsWith("/") && path.endsWith("/bf.toml"), path);
  } finally {
    Deno.chdir(before);
  }
});

Deno.test({
  name: "config file: a missing permission names its flag",
  permissions: { read: false, write: false },
  async fn() {
    const reading = await assertRejects(
      () => validateConfigFile("bybit", "/tmp/x.toml"),
      MissingPermissionError,
    );
    assertEquals(reading.flags, ["--allow-read=/tmp/x.toml"]);
    const writing = await assertRejects(
      () => writeConfigTemplate("bybit", "/tmp/x.toml"),
      MissingPermissionError,
    );
    assertEquals(writing.flags, ["--allow-write=/tmp/x.toml"]);
  },
});
