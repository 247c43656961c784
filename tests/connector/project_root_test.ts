import { assert, assertEquals, assertRejects } from "@std/assert";
import { InvalidInputError, MissingPermissionError } from "@hftlive/hftlive";
import { ConnectorNotFoundError, findProjectRoot } from "../../lib/connector/mod.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const WORKSPACE = '[workspace]\nmembers = ["connector"]\n';

/** Runs with the environment variable set, or not set. */
async function withVariable(value: string | undefined, use: () => Promise<void>): Promise<void> {
  const before = Deno.env.get("HFTBACKTEST_ROOT");
  const set = (text: string | undefined): void =>
    text === undefined
      ? Deno.env.delete("HFTBACKTEST_ROOT")
      : Deno.env.set("HFTBACKTEST_ROOT", text);
  set(value);
  try {
    await use();
  } finally {
    set(before);
  }
}

async function lookups(options: Parameters<typeof findProjectRoot>[0]): Promise<string[][]> {
  const error = await assertRejects(() => findProjectRoot(options), ConnectorNotFoundError);
  for (const { path, result } of error.tried) {
    assert(error.message.includes(`${path}: ${result}`), error.message);
  }
  return error.tried.map(({ origin, path, result }) => [origin, path, result]);
}

Deno.test("project root: the option is used, and nothing else", async () => {
  await using directory = await TempDirectory.create();
  await directory.write("Cargo.toml", WORKSPACE);
  await Deno.mkdir(directory.file("empty"));
  assertEquals(await findProjectRoot({ projectRoot: directory.path }), {
    path: directory.path,
    origin: "projectRoot",
  });
  await withVariable(directory.path, async () => {
    const projectRoot = directory.file("empty");
    assertEquals(await lookups({ projectRoot, cwd: directory.path }), [
      ["projectRoot", projectRoot, "neither connector/Cargo.toml nor Cargo.toml"],
    ]);
  });
});

Deno.test("project root: the nearest directory upwards", async () => {
  await using directory = await TempDirectory.create();
  await directory.write("Cargo.toml", WORKSPACE);
  await Deno.mkdir(directory.file("a/b/c"), { recursive: true });
  await directory.write("a/b/Cargo.toml", '[package]\nname = "x"\n# [workspace]\n');
  const found = { path: directory.path, origin: "working directory" } as const;
  await withVariable("/none", async () => {
    assertEquals(await findProjectRoot({ cwd: directory.file("a/b/c") }), found);
    await Deno.mkdir(directory.file("a/connector"));
    await directory.write("a/connector/Cargo.toml", '[package]\nname = "connector"\n');
    assertEquals(await findProjectRoot({ cwd: directory.file("a/b/c") }), {
      ...found,
      path: directory.file("a"),
    });
    assertEquals(
      (await findProjectRoot({ cwd: directory.file("a/connector") })).path,
      directory.file("a"),
    );

    const before = Deno.cwd();
    Deno.chdir(directory.file("a/b"));
    try {
      const { path } = await findProjectRoot();
      assertEquals(await Deno.realPath(path), await Deno.realPath(directory.file("a")));
    } finally {
      Deno.chdir(before);
    }
  });
});

Deno.test("project root: the variable comes last, and the error tells all that was tried", async () => {
  await using directory = await TempDirectory.create();
  await using elsewhere = await TempDirectory.create();
  await directory.write("Cargo.toml", "[workspace\n");
  await elsewhere.write("Cargo.toml", WORKSPACE);
  const cwd = directory.path;
  await withVariable(elsewhere.path, async () => {
    assertEquals(await findProjectRoot({ cwd }), {
      path: elsewhere.path,
      origin: "HFTBACKTEST_ROOT",
    });
  });
  await withVariable(undefined, async () => {
    const tried = await lookups({ cwd });
    assertEquals(tried[0]?.slice(0, 2), ["working directory", cwd]);
    assert(tried[0]?.[2]?.startsWith("cannot be used: Invalid TOML document"), tried[0]?.[2]);
    assertEquals(tried.at(-2), [
      "working directory",
      "/",
      "neither connector/Cargo.toml nor Cargo.toml",
    ]);
    assertEquals(tried.at(-1), ["environment", "HFTBACKTEST_ROOT", "not set"]);
  });
  await withVariable(directory.file("gone"), async () => {
    assertEquals((await lookups({ cwd })).at(-1), [
      "HFTBACKTEST_ROOT",
      directory.file("gone"),
      "neither connector/Cargo.toml nor Cargo.toml",
    ]);
  });
});

Deno.test("project root: empty options are refused", async () => {
  await assertRejects(() => findProjectRoot({ projectRoot: "" }), InvalidInputError, "projectRoot");
  await assertRejects(() => findProjectRoot({ cwd: "" }), InvalidInputError, "cwd");
});

Deno.test({
  name: "project root: without permissions it says which ones, and does not ask",
  permissions: { read: false, env: false },
  async fn() {
    assertEquals(await lookups({ cwd: "/srv/x" }), [
      ["working directory", "/srv/x", "may not be read without --allow-read=/srv/x"],
      ["working directory", "/srv", "may not be read without --allow-read=/srv"],
      ["working directory", "/", "may not be read without --allow-read=/"],
      [
        "environment",
        "HFTBACKTEST_ROOT",
        "may not be read without --allow-env=HFTBACKTEST_ROOT",
      ],
    ]);
    const error = await assertRejects(
      () => findProjectRoot({ projectRoot: "/srv/x" }),
      MissingPermissionError,
    );
    assertEquals(error.flags, ["--allow-read=/srv/x"]);
  },
});

Deno.test({
  name: "project root: a directory that may be read is found under one that may not",
  permissions: { read: ["/work", "/tmp", Deno.cwd()], env: false, write: true },
  async fn() {
    await using directory = await TempDirectory.create();
    await directory.write("Cargo.toml", WORKSPACE);
    assertEquals((await findProjectRoot({ cwd: directory.path })).path, directory.path);
  },
});
