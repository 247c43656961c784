import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { setup } from "../../lib/log.ts";
import { InvalidInputError } from "../../lib/model/errors.ts";
import { type Result, runDenow } from "./run.ts";

const LOG = import.meta.resolve("../../lib/log.ts");

/** Runs a program that logs. */
async function run(body: string, flags: readonly string[] = []): Promise<Result> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      file,
      `import { getLogger, setup } from "${LOG}";\nconst log = getLogger("test");\n${body}`,
    );
    return await runDenow(["run", "--no-prompt", ...flags, file]);
  } finally {
    await Deno.remove(file);
  }
}

/** The logged lines without their times. */
function lines(text: string): string[] {
  return text.split("\n").filter((line) => /^\d{4}-|^ {2}/.test(line)).map((line) =>
    line.replace(/^\S+Z /, "")
  );
}

Deno.test("log lines go to standard error, with time, level, name and fields", async () => {
  const { stdout, stderr, code } = await run(`
    setup({ level: "debug" });
    log.debug(() => "starting");
    log.info("connected", { symbol: "btcusdt", id: 7n, note: "two words", none: undefined });
    log.warn("late", { ages: [1, 2n] });
    log.error("failed", { error: new TypeError("no feed") });
  `);
  assertEquals([code, stdout], [0, ""]);
  assertMatch(stderr, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z DEBUG test: starting$/m);
  assertEquals(lines(stderr), [
    "DEBUG test: starting",
    'INFO  test: connected symbol=btcusdt id=7 note="two words" none=undefined',
    'WARN  test: late ages=[1,"2"]',
    'ERROR test: failed error="TypeError: no feed"',
  ]);
});

Deno.test("warnings show before setup(), and setup() reaches loggers made before", async () => {
  const { stderr } = await run(`
    log.info("hidden"); log.warn("shown");
    setup(); log.debug(() => { throw new Error("made for nothing"); }); log.info("now shown");
    setup({ level: "error" }); log.warn("hidden"); getLogger("other").error("last");
  `);
  assertEquals(lines(stderr), ["WARN  test: shown", "INFO  test: now shown", "ERROR other: last"]);
});

Deno.test("credentials never get into the log", async () => {
  const secret = "S3cr3tV4lue";
  const { stderr } = await run(`
    const s = "${secret}";
    log.warn("fields", { apiKey: s, api_key: s, secret: s, signature: s, listenKey: s, password: s });
    log.warn("nested", { config: { binance: { secret: s, apiKey: s } }, list: [{ token: s }] });
    log.warn("GET /fapi/v1/order?symbol=X&signature=" + s + "&timestamp=1");
    log.warn('api_key = "' + s + '"\\nsecret="' + s + '"');
    log.warn('{"apiSecret":"' + s + '","x":1}');
    log.warn("Authorization: Bearer " + s);
    log.warn("error", { error: new Error("refused: token=" + s) });
  `);
  assertEquals(lines(stderr).length, 8, stderr);
  assert(!stderr.includes(secret), stderr);
  assert(stderr.includes("&timestamp=1"), stderr);
});

Deno.test("a line of the log cannot be forged by what is logged", async () => {
  const { stderr } = await run(
    String.raw`log.warn("one\n2026-01-01T00:00:00.000Z ERROR test: forged\x1b[2J\rx");`,
  );
  assertEquals(lines(stderr), [
    "WARN  test: one",
    "  2026-01-01T00:00:00.000Z ERROR test: forged[2Jx",
  ]);
});

Deno.test("the log file gets each line at once and is closed by the next setup()", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, "before\n");
    const { stderr } = await run(
      `setup({ file: "${file}" });
       log.info("first");
       console.error(Deno.readTextFileSync("${file}").includes("first"));
       setup();
       log.info("second");`,
      [`--allow-write=${file}`, `--allow-read=${file}`],
    );
    assertMatch(stderr, /^true$/m);
    assertEquals(lines(stderr), ["INFO  test: first", "INFO  test: second"]);
    const written = await Deno.readTextFile(file);
    assertMatch(written, /^before\n\S+Z INFO {2}test: first\n$/);
  } finally {
    await Deno.remove(file);
  }
});

const hasFullDevice = Deno.build.os === "linux";
if (!hasFullDevice) console.log("the test of a full disk is skipped: it needs Linux's /dev/full");

Deno.test("a log file that cannot be written ends neither the program nor the log", {
  ignore: !hasFullDevice,
}, async () => {
  const { code, stderr } = await run(
    `setup({ file: "/dev/full" }); log.info("one"); log.info("two");`,
    ["-A"],
  );
  assertEquals(code, 0, stderr);
  const [one, failure, two, ...more] = lines(stderr);
  assertEquals([one, two, more], ["INFO  test: one", "INFO  test: two", []]);
  assertMatch(failure ?? "", /^ERROR log: Cannot write the log file, .* file=\/dev\/full error=/);
});

Deno.test("setup() refuses a level it does not know and a file it cannot open", async () => {
  assertThrows(
    // @ts-expect-error a program without types passes what its user typed
    () => setup({ level: "loud" }),
    InvalidInputError,
    'Cannot use level = "loud"',
  );
  assertThrows(() => setup({ file: "/nonexistent/log" }), InvalidInputError, "/nonexistent/log");
  const { code, stderr } = await run('setup({ file: "/tmp/log" });');
  assertEquals(code, 1);
  assertMatch(stderr, /MissingPermissionError: .*--allow-write=\/tmp\/log/);
});
