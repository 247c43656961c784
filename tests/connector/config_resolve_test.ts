import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { parse } from "smol-toml";
import { MissingPermissionError } from "@hftlive/hftlive";
import {
  ConnectorConfigError,
  ConnectorRunnerError,
  privateDirectory,
  readSecrets,
  removeLeftovers,
  resolveSecrets,
  type ValidatedConfig,
} from "../../lib/connector/mod.ts";
import { parseConfig } from "../../lib/connector/config/parse.ts";
import { PrivateFile } from "../../lib/connector/config/private_file.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const isRoot = Deno.uid() === 0;
if (!isRoot) console.log("a test with another user's directory is skipped: it needs root");

/** A configuration in a directory, with these two keys. */
function configIn(directory: TempDirectory, apiKey: string, secret: string): ValidatedConfig {
  const text = `stream_url = "wss://fstream.binancefuture.com/ws"
api_url = "https://testnet.binancefuture.com"
order_prefix = "p"
api_key = ${JSON.stringify(apiKey)}
secret = ${JSON.stringify(secret)}
`;
  return parseConfig("binancefutures", text, { path: directory.file("bf.toml") });
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

async function namesIn(directory: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name).toSorted();
}

/** Runs a module that imports the code under test; gives its process. */
function start(code: string, stderr: "inherit" | "null" = "inherit"): Deno.ChildProcess {
  const url = new URL("../../lib/connector/config/private_file.ts", import.meta.url);
  const map = new URL("../../offline/import_map.json", import.meta.url);
  const source = `import { PrivateFile } from ${JSON.stringify(url)};\n${code}`;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      `--import-map=${map}`,
      `data:text/typescript,${encodeURIComponent(source)}`,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr,
  }).spawn();
}

/** Reads one line that a process prints. */
async function readLine(child: Deno.ChildProcess): Promise<string> {
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  return text.trim();
}

Deno.test("secrets: a file that holds its own is used as it is", async () => {
  await using directory = await TempDirectory.create();
  const config = configIn(directory, "kkkkkkkk", "ssssssss");
  await using resolved = await resolveSecrets(config, { directory: directory.file("private") });
  assertEquals([resolved.path, resolved.isTemporary], [config.path, false]);
  assertEquals(resolved.secrets.map((secret) => secret.reveal()), ["kkkkkkkk", "ssssssss"]);
  assertEquals(await namesIn(directory.path), []);

  const without = configIn(directory, "", "");
  await using none = await resolveSecrets(without, { directory: directory.file("private") });
  assertEquals([none.path, none.secrets.length], [without.path, 0]);
});

Deno.test("secrets: from a variable and a file into a private file, and away", async () => {
  await using directory = await TempDirectory.create();
  await Deno.mkdir(directory.file("keys"));
  await directory.write("keys/bf", "  s/s+s=s\n\n", { mode: 0o600 });
  Deno.env.set("HFTLIVE_TEST_KEY", 'k"k\\k$k\n');
  try {
    const config = configIn(directory, "env:HFTLIVE_TEST_KEY", "file:keys/bf");
    let path = "";
    {
      await using resolved = await resolveSecrets(config, { directory: directory.file("private") });
      ({ path } = resolved);
      assert(resolved.isTemporary);
      assertEquals({ ...parse(await Deno.readTextFile(path)) }, {
        stream_url: "wss://fstream.binancefuture.com/ws",
        api_url: "https://testnet.binancefuture.com",
        order_prefix: "p",
        api_key: 'k"k\\k$k',
        secret: "s/s+s=s",
      });
      assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
      assertEquals((await Deno.stat(directory.file("private"))).mode! & 0o777, 0o700);
      assert(nameIn(path).startsWith(`connector-${Deno.pid}-`), path);
      assertEquals(resolved.secrets.map((secret) => secret.reveal()), ['k"k\\k$k', "s/s+s=s"]);
    }
    assertEquals(await namesIn(directory.file("private")), []);

    using resolved = await resolveSecrets(config, { directory: directory.file("private") });
    resolved[Symbol.dispose]();
    await resolved[Symbol.asyncDispose]();
    assertEquals(await namesIn(directory.file("private")), []);
  } finally {
    Deno.env.delete("HFTLIVE_TEST_KEY");
  }
});

Deno.test("secrets: what is not there or cannot be used is told, all of it", async () => {
  await using directory = await TempDirectory.create();
  await directory.write("empty", " \n");
  await directory.write("two lines", "hunter2\nhunter3");
  Deno.env.set("HFTLIVE_TEST_KEY", "");
  try {
    const cases: [string, string, string[]][] = [
      ["env:HFTLIVE_TEST_KEY", "file:none", [
        'api_key = "env:HFTLIVE_TEST_KEY": the environment variable is not set, or empty',
        `secret = "file:none": no such file: ${directory.file("none")}`,
      ]],
      ["env:HFTLIVE_NO_SUCH_KEY", "file:empty", [
        'api_key = "env:HFTLIVE_NO_SUCH_KEY": the environment variable is not set, or empty',
        'secret = "file:empty": the file is empty',
      ]],
      ["file:two lines", `file:${directory.path}`, [
        'api_key = "file:two lines": expected a key without spaces, line ends and special characters',
        `secret = "file:${directory.path}": not a file: ${directory.path}`,
      ]],
    ];
    for (const [apiKey, secret, messages] of cases) {
      const config = configIn(directory, apiKey, secret);
      const error = await assertRejects(() => readSecrets(config), ConnectorConfigError);
      assertEquals(error.problems.map(({ message }) => message), messages);
      await assertRejects(
        () => resolveSecrets(config, { directory: directory.file("private") }),
        ConnectorConfigError,
      );
    }
    assertEquals(await namesIn(directory.path), ["empty", "two lines"]);
  } finally {
    Deno.env.delete("HFTLIVE_TEST_KEY");
  }
});

Deno.test("private file: what a killed process left is removed, a living one's is not", async () => {
  await using directory = await TempDirectory.create();
  const options = { directory: directory.file("private"), name: "connector" };
  const code = `await PrivateFile.create("secret", ${JSON.stringify(options)});
console.log("made");
await new Promise((resolve) => setTimeout(resolve, 600_000));`;
  const children = [start(code), start(code)];
  try {
    for (const child of children) assertEquals(await readLine(child), "made");
    const [first, second] = children;
    assertEquals((await namesIn(options.directory)).length, 2);
    first!.kill("SIGKILL");
    await first!.status;
    assertEquals((await namesIn(options.directory)).length, 2);

    await using file = await PrivateFile.create("mine", options);
    const names = await namesIn(options.directory);
    assertEquals(names.length, 2);
    assert(names.includes(nameIn(file.path)));
    assert(names.some((name) => name.startsWith(`connector-${second!.pid}-`)), names.join());
  } finally {
    for (const child of children) {
      try {
        child.kill("SIGKILL");
      } catch { /* It has ended. */ }
      await child.stdin.close();
      await child.status;
    }
  }
  assertEquals((await removeLeftovers(options.directory)).length, 1);
  assertEquals(await namesIn(options.directory), []);
});

Deno.test("private file: the end of a process removes it, dispose or not", async () => {
  await using directory = await TempDirectory.create();
  const options = { directory: directory.file("private"), name: "connector" };
  for (const end of ["Deno.exit(3)", "", "throw new Error('expected by a test')"]) {
    const child = start(
      `await PrivateFile.create("secret", ${JSON.stringify(options)});
console.log(Array.from(Deno.readDirSync(${JSON.stringify(options.directory)})).length);
${end}`,
      end.startsWith("throw") ? "null" : "inherit",
    );
    assertEquals(await readLine(child), "1");
    await child.stdin.close();
    await child.status;
    const left = await namesIn(options.directory);
    if (end.startsWith("throw")) {
      // Deno tells nobody of an uncaught exception: the next start takes the file away.
      assertEquals((await removeLeftovers(options.directory)).length, left.length);
    } else assertEquals(left, [], end);
  }
});

Deno.test("private file: many at once, none is taken for a leftover", async () => {
  await using directory = await TempDirectory.create();
  const options = { directory: directory.file("private"), name: "connector" };
  const files = await Promise.all(
    Array.from({ length: 40 }, (_, n) => PrivateFile.create(`file ${n}`, options)),
  );
  for (const [n, { path }] of files.entries()) {
    assertEquals(await Deno.readTextFile(path), `file ${n}`);
  }
  await removeLeftovers(options.directory);
  assertEquals((await namesIn(options.directory)).length, 40);
  for (const file of files) file[Symbol.dispose]();
  assertEquals(await namesIn(options.directory), []);
});

Deno.test("private file: only what looks like ours is removed", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("private");
  await Deno.mkdir(path, { mode: 0o700 });
  await Deno.writeTextFile(`${path}/notes.toml`, "");
  await Deno.mkdir(`${path}/connector-1-1-0123456789abcdef.toml`);
  await Deno.symlink("/etc/hosts", `${path}/connector-2-2-0123456789abcdef.toml`);
  await Deno.writeTextFile(`${path}/connector-3-3-0123456789abcdef.toml`, "");
  assertEquals(await removeLeftovers(path), [`${path}/connector-3-3-0123456789abcdef.toml`]);
  assertEquals((await namesIn(path)).length, 3);
  assertEquals(await removeLeftovers(`${path}/none`), []);
});

Deno.test("private file: a directory that others can get at is refused", async () => {
  await using directory = await TempDirectory.create();
  await Deno.mkdir(directory.file("open"), { mode: 0o700 });
  await Deno.chmod(directory.file("open"), 0o750);
  await Deno.mkdir(directory.file("mine"), { mode: 0o700 });
  await Deno.symlink(directory.file("mine"), directory.file("link"));
  await directory.write("file", "");
  for (
    const [name, reason] of [
      ["open", "other users can look into it (mode 0750)"],
      ["link", "it is not a directory"],
      ["file", "it is not a directory"],
      ["no/parent", "No such file"],
    ]
  ) {
    const error = await assertRejects(
      () => PrivateFile.create("x", { directory: directory.file(name!), name: "connector" }),
      ConnectorRunnerError,
    );
    assertStringIncludes(error.message, `Cannot keep private files in ${directory.file(name!)}`);
    assertStringIncludes(error.message, reason!);
  }
  assertEquals(await namesIn(directory.file("mine")), []);
});

Deno.test({
  name: "private file: another user's directory is refused, and nothing is left in it",
  ignore: !isRoot,
  async fn() {
    await using directory = await TempDirectory.create();
    const path = directory.file("theirs");
    await Deno.mkdir(path, { mode: 0o700 });
    await Deno.chown(path, 12_345, 12_345);
    await assertRejects(
      () => PrivateFile.create("x", { directory: path, name: "connector" }),
      ConnectorRunnerError,
      "belongs to another user",
    );
    assertEquals(await namesIn(path), []);
  },
});

Deno.test("private directory: in memory where the system offers it, else the user's own", async () => {
  await using directory = await TempDirectory.create();
  const before = Deno.env.get("XDG_RUNTIME_DIR");
  try {
    Deno.env.set("XDG_RUNTIME_DIR", directory.path);
    assertEquals(privateDirectory(), directory.file("hftlive"));
    for (const value of [directory.file("none"), "relative", ""]) {
      Deno.env.set("XDG_RUNTIME_DIR", value);
      assertEquals(privateDirectory(), `${Deno.env.get("TMPDIR") ?? "/tmp"}/hftlive-${Deno.uid()}`);
    }
  } finally {
    if (before === undefined) Deno.env.delete("XDG_RUNTIME_DIR");
    else Deno.env.set("XDG_RUNTIME_DIR", before);
  }
});

Deno.test({
  name: "secrets: missing permissions name their flags",
  permissions: { read: false, write: false, env: false, sys: false },
  async fn() {
    const config = (apiKey: string): ValidatedConfig =>
      parseConfig(
        "binancefutures",
        `stream_url = "ws://127.0.0.1:1"\napi_url = "http://127.0.0.1:1"\n` +
          `api_key = "${apiKey}"\nsecret = "file:/etc/s"\n`,
        { path: "/x/bf.toml" },
      );
    for (
      const [apiKey, flag] of [
        ["env:HFTLIVE_TEST_KEY", "--allow-env=HFTLIVE_TEST_KEY"],
        ["file:k", "--allow-read=/x/k"],
        ["kkkkkkkk", "--allow-read=/etc/s"],
      ]
    ) {
      const error = await assertRejects(
        () => resolveSecrets(config(apiKey!)),
        MissingPermissionError,
      );
      assertEquals(error.flags, [flag]);
    }
    assertEquals(privateDirectory(), "/tmp/hftlive");
    const error = await assertRejects(
      () => PrivateFile.create("x", { directory: "/tmp/hftlive", name: "connector" }),
      MissingPermissionError,
    );
    assertEquals(error.flags, ["--allow-read=/tmp/hftlive"]);
  },
});
