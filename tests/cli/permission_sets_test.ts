import { assertEquals, assertIsError, assertStrictEquals } from "@std/assert";
import { denoFlagAdvice } from "../../lib/cli/deno_flags.ts";
import { UsageError } from "../../lib/cli/exit.ts";
import { inFlags } from "../../lib/cli/flag_errors.ts";
import { flagsWithSet } from "../../lib/cli/permission_sets.ts";
import { InvalidInputError } from "../../lib/model/errors.ts";

Deno.test("advice names the set, and beside it what the set does not hold", () => {
  assertEquals(flagsWithSet("live", ["--allow-ffi", "--allow-read=/a"]), ["-P=live"]);
  assertEquals(flagsWithSet("live", ["--allow-ffi", "--allow-write=/a"]), [
    "-P=live",
    "--allow-write=/a",
  ]);
  assertEquals(flagsWithSet("dev", ["--allow-run=x", "--allow-env"]), ["-P=dev"]);
  // A flag takes the place of the set's own list.
  assertEquals(flagsWithSet("paper", ["--allow-net=127.0.0.1:80"]), ["-P=paper"]);
  assertEquals(flagsWithSet("paper", ["--allow-net=10.0.0.1"]), [
    "-P=paper",
    "--allow-net=127.0.0.1,10.0.0.1",
  ]);
  assertEquals(flagsWithSet("replay", ["--allow-env=HOME,TERM"]), [
    "-P=replay",
    "--allow-env=TERM,HOME",
  ]);
  assertEquals(flagsWithSet("replay", ["--allow-env"]), ["-P=replay", "--allow-env"]);
});

Deno.test("deno takes the set and its flags as the advice gives them", async () => {
  const [set = "", env = ""] = flagsWithSet("native", ["--allow-env=OTHER"]);
  const program = `
    for (const variable of ["HOME", "OTHER", "USER"]) {
      console.log(Deno.permissions.querySync({ name: "env", variable }).state === "granted");
    }`;
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, program);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--config=deno.json", set, env, path],
      cwd: `${import.meta.dirname}/../..`,
      stderr: "null",
    }).output();
    assertEquals(new TextDecoder().decode(stdout).trim().split("\n"), ["true", "true", "false"]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("flags of deno behind the program are told where they belong", () => {
  for (const flag of ["-A", "-P", "-P=live", "--allow-read", "--allow-net=a:1", "--no-prompt"]) {
    assertEquals(
      denoFlagAdvice(flag),
      `flags of deno come before the program: deno run ${flag} cli.ts ...`,
    );
  }
  assertEquals(
    denoFlagAdvice("-P=conector"),
    "no permission set is called conector, " +
      "did you mean -P=connector?",
  );
  assertEquals(
    denoFlagAdvice("-P=zzzzzz")?.startsWith("no permission set is called zzzzzz, there"),
    true,
  );
  for (const flag of ["--quiet", "-x", "--allowance", "--stub=1"]) {
    assertEquals(denoFlagAdvice(flag), undefined, flag);
  }
});

Deno.test("an error about an option speaks of its flag", () => {
  const flags = { tickSize: "--tick-size", environment: "--env" };
  for (
    const [field, flag] of [
      ["tickSize", "--tick-size"],
      ["instruments[3].tickSize", "--tick-size"],
      ["environment.HOME", "--env"],
    ]
  ) {
    const error = inFlags(new InvalidInputError(field!, 0, "more"), flags);
    assertIsError(error, UsageError);
    assertEquals(error.message, `Cannot use ${flag} = 0: expected more`);
  }
  const other = new InvalidInputError("lotSize", 0, "more");
  assertStrictEquals(inFlags(other, flags), other);
  assertEquals(inFlags("text", flags), "text");
});
