import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Machine, type Run } from "./machine.ts";

const NOTICE = /^denow: JSR is out of reach \(http\S+\): taking @std\/\* from .+\/offline\n$/;

/** Runs the real deno, with a server in JSR's place. */
async function resolveStd(jsrUrl: string): Promise<Run> {
  await using machine = await Machine.create();
  await machine.link("deno", Deno.execPath());
  await machine.write("print.ts", 'console.log(import.meta.resolve("@std/assert"));');
  return await machine.run(["run", "print.ts"], { env: { JSR_URL: jsrUrl } });
}

function serve(answer: () => Response): { url: string } & AsyncDisposable {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A server that takes connections and never says a word. */
function serveSilence(): { url: string } & Disposable {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const connections: Deno.Conn[] = [];
  (async () => {
    for await (const connection of listener) connections.push(connection);
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    [Symbol.dispose]() {
      listener.close();
      for (const connection of connections) connection.close();
    },
  };
}

Deno.test("denow leaves @std alone where JSR answers", async () => {
  await using server = serve(() =>
    Response.json({ scope: "std", name: "assert", latest: "1.0.19", versions: {} })
  );
  const run = await resolveStd(server.url);
  assertEquals([run.stdout.includes("/offline/assert.ts"), run.stderr.includes("denow:")], [
    false,
    false,
  ]);
});

Deno.test("denow takes stand-ins for @std where JSR does not answer", async (t) => {
  const check = async (name: string, url: string) => {
    await t.step(name, async () => {
      const run = await resolveStd(url);
      assertStringIncludes(run.stdout, "/offline/assert.ts");
      assertMatch(run.stderr, NOTICE);
      assertEquals(run.code, 0);
    });
  };
  {
    await using server = serve(() => new Response("<html>Please log in</html>"));
    await check("but a login page", server.url);
  }
  {
    await using server = serve(() => Response.json({ error: "no" }, { status: 503 }));
    await check("but an error", server.url);
  }
  {
    using server = serveSilence();
    await check("nor anything else", server.url);
  }
  await check("nobody listens", "http://127.0.0.1:9");
});

Deno.test("denow remembers whether JSR answers", async (t) => {
  await using machine = await Machine.create();
  await machine.scriptDeno({ jsr: false });
  const note = `${machine.project}/.deno/jsr`;
  const now = Math.floor(Date.now() / 1000);
  const check = async (name: string, asks: number, env: Record<string, string> = {}) => {
    await t.step(name, async () => {
      const before = await machine.timesAsked();
      const run = await machine.run(["run", "x.ts"], { env });
      assertEquals(await machine.timesAsked() - before, asks);
      assertStringIncludes(run.stdout, "--import-map");
      assertMatch(run.stderr, NOTICE);
    });
  };
  await check("asks the first time", 1);
  await check("does not ask again, and says what it does", 0);
  await check("asks another JSR", 1, { JSR_URL: "http://127.0.0.1:9" });
  await check("asks when the answer is for another JSR", 1);
  await Deno.writeTextFile(note, `yes ${now - 1} https://jsr.io\n`);
  await check("asks when the answer is old", 1);
  await Deno.writeTextFile(note, `yes ${now + 1_000_000} https://jsr.io\n`);
  await check("asks when the answer is from the future", 1);
  for (const broken of ["", "yes", "yes soon https://jsr.io", "\0\0"]) {
    await Deno.writeTextFile(note, broken);
    await check(`asks when the note is broken: ${JSON.stringify(broken)}`, 1);
  }
  await t.step("an answer that holds is taken", async () => {
    await Deno.writeTextFile(note, `yes ${now + 1000} https://jsr.io\n`);
    const run = await machine.run(["run", "x.ts"]);
    assertEquals([run.stdout.includes("--import-map"), run.stderr], [false, ""]);
  });
});

Deno.test("denow only asks where the answer matters", async () => {
  await using machine = await Machine.create();
  await machine.scriptDeno();
  for (const args of [["fmt"], ["task", "x"], ["--version"], ["run", "-c", "x", "y.ts"]]) {
    await machine.run(args);
  }
  assertEquals(await machine.timesAsked(), 0);
});

Deno.test("DENOW_JSR answers in JSR's place, quietly", async () => {
  await using machine = await Machine.create();
  await machine.scriptDeno();
  const yes = await machine.run(["run", "x.ts"], { env: { DENOW_JSR: "yes" } });
  const no = await machine.run(["run", "x.ts"], { env: { DENOW_JSR: "no" } });
  assertEquals([yes.stdout.includes("--import-map"), yes.stderr], [false, ""]);
  assertEquals([no.stdout.includes("--import-map"), no.stderr], [true, ""]);
  assertEquals(await machine.timesAsked(), 0);
  const odd = await machine.run(["run", "x.ts"], { env: { DENOW_JSR: "maybe" } });
  assertEquals([odd.code, odd.stderr], [1, "denow: DENOW_JSR is neither yes nor no: maybe\n"]);
});

Deno.test("denow works in a folder it cannot write to", async () => {
  await using machine = await Machine.create();
  await machine.scriptDeno();
  // A file where the folder would be stops even root.
  await machine.write(".deno", "");
  const run = await machine.run(["run", "x.ts"]);
  assertEquals(run.code, 0);
  assertMatch(run.stderr, NOTICE);
});
