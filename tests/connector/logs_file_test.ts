import { assert, assertEquals, assertRejects } from "@std/assert";
import { InvalidInputError, MissingPermissionError } from "@hftlive/hftlive";
import { ConnectorRunnerError, RotatingFile } from "../../lib/connector/mod.ts";
import { TempDirectory } from "../support/temp_directory.ts";

/** Texts of the files in a directory, by name. */
async function filesIn(directory: TempDirectory): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isFile } of Deno.readDir(directory.path)) {
    if (isFile) files[name] = await Deno.readTextFile(directory.file(name));
  }
  return files;
}

Deno.test("rotating file: starts anew when full, keeps the newest, all private", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("c.log");
  {
    await using file = await RotatingFile.open(path, { maxBytes: 10, maxFiles: 3 });
    for (let n = 10; n < 30; n++) file.write(`${n}`); // Three bytes each with its line end.
    await file.flush();
    assertEquals(file.counts, { written: 20, lost: 0, lastError: undefined });
  }
  assertEquals(await filesIn(directory), {
    "c.log": "28\n29\n",
    "c.log.1": "25\n26\n27\n",
    "c.log.2": "22\n23\n24\n",
  });
  for (const name of ["c.log", "c.log.1", "c.log.2"]) {
    assertEquals((await Deno.stat(directory.file(name))).mode! & 0o777, 0o600);
  }
});

Deno.test("rotating file: one that is there is continued, and made private", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("c.log", "old\n", { mode: 0o644 });
  {
    await using file = await RotatingFile.open(path, { maxBytes: 8, maxFiles: 2 });
    file.write("new");
    await file.flush();
    assertEquals(await filesIn(directory), { "c.log": "old\nnew\n" });
    file.write("more");
  }
  assertEquals(await filesIn(directory), { "c.log": "more\n", "c.log.1": "old\nnew\n" });
  assertEquals((await Deno.stat(directory.file("c.log.1"))).mode! & 0o777, 0o600);
});

Deno.test("rotating file: a single file, and a line larger than the limit", async () => {
  await using directory = await TempDirectory.create();
  {
    await using file = await RotatingFile.open(directory.file("c.log"), {
      maxBytes: 5,
      maxFiles: 1,
    });
    file.write("first");
    file.write("a line of more than five bytes");
  }
  assertEquals(await filesIn(directory), { "c.log": "a line of more than five bytes\n" });
});

Deno.test("rotating file: every line is written or counted as lost", async () => {
  await using directory = await TempDirectory.create();
  const file = await RotatingFile.open(directory.file("c.log"), { maxPendingBytes: 100 });
  for (let n = 0; n < 50; n++) file.write("123456789"); // Ten bytes; all in one turn.
  await file.flush();
  assertEquals(file.counts, { written: 10, lost: 40, lastError: undefined });
  await file.close();
  file.write("too late");
  await file.close();
  assertEquals(file.counts.lost, 41);
  assertEquals(await filesIn(directory), { "c.log": "123456789\n".repeat(10) });
});

Deno.test("rotating file: a disk that takes nothing loses lines, and is tried again", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("logs/c.log");
  await Deno.mkdir(directory.file("logs"));
  await using file = await RotatingFile.open(path, { maxBytes: 4, maxFiles: 2 });
  file.write("one");
  await file.flush();
  await Deno.rename(directory.file("logs"), directory.file("away"));
  file.write("two");
  await file.flush();
  assertEquals([file.counts.written, file.counts.lost], [1, 1]);
  assert(file.counts.lastError instanceof Error);
  await Deno.rename(directory.file("away"), directory.file("logs"));
  file.write("three");
  await file.flush();
  assertEquals([file.counts.written, file.counts.lost], [2, 1]);
  assertEquals(await Deno.readTextFile(path), "three\n");
  assertEquals(await Deno.readTextFile(`${path}.1`), "one\n");
});

Deno.test("rotating file: what cannot be opened is told", async () => {
  await using directory = await TempDirectory.create();
  for (const name of ["none/c.log", "."]) {
    await assertRejects(
      () => RotatingFile.open(directory.file(name)),
      ConnectorRunnerError,
      `Cannot open the log file ${directory.file(name)}`,
    );
  }
  for (const options of [{ maxBytes: 0 }, { maxFiles: 0 }, { maxPendingBytes: 1.5 }]) {
    await assertRejects(() => RotatingFile.open(directory.file("x"), options), InvalidInputError);
  }
});

Deno.test({
  name: "rotating file: a missing permission names its flag",
  permissions: { read: ["/tmp"], write: false },
  async fn() {
    const error = await assertRejects(
      () => RotatingFile.open("/tmp/hftlive.log"),
      MissingPermissionError,
    );
    assertEquals(error.flags, ["--allow-write=/tmp"]);
  },
});
