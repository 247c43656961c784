/**
 * A bot as one program that needs nothing else: `deno compile` puts Deno, this file with all that it
 * imports, and the native library into it, and fixes its permissions. In the folder of your bot:
 *
 *     cp "$(deno run -A jsr:@hftlive/hftlive/cli native path)" .
 *     deno compile --no-prompt --allow-read --allow-ffi \
 *         --include libhftlive.so --output my-bot packaged_bot.ts
 *     ./my-bot --connector NAME --seconds 60
 *
 * In a checkout it runs uncompiled as well, with the library that `native path` names:
 *
 *     deno run -P=live examples/packaged_bot.ts --connector NAME --seconds 60
 *
 * examples/README.md tells what of this was tested, and how.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { HftliveError, InvalidInputError, NativeBot, runStrategy } from "@hftlive/hftlive";
import strategy from "./my_strategy.ts";

const stop = new AbortController();
Deno.addSignalListener("SIGINT", () => stop.abort());
Deno.addSignalListener("SIGTERM", () => stop.abort());

try {
  const { connector, seconds } = parseArgs(Deno.args, { string: ["connector", "seconds"] });
  if (!connector) throw new InvalidInputError("--connector", connector, "a connector's name");
  const libraryPath = includedLibrary();
  console.log(`library: ${libraryPath ?? "from its usual place"}`);
  const bot = new NativeBot({
    instruments: [{ connector, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 }],
    libraryPath,
  });
  const { report, error } = await runStrategy(bot, strategy, {
    durationS: seconds === undefined ? undefined : Number(seconds),
    signal: stop.signal,
    // A connector that was just asked for a symbol first cancels its open orders.
    settleMs: 2_000,
    onNotice: (text) => console.error(text),
  });
  const { orders, fills, position } = report.instruments[0]!;
  console.log(`${orders.submitted} orders, ${fills.count} fills, position ${position}`);
  if (error !== undefined) throw error;
} catch (error) {
  if (error instanceof HftliveError) {
    console.error(`packaged_bot: ${error.message}`);
    Deno.exitCode = 1;
  } else if (error !== stop.signal.reason) {
    throw error;
  }
}

/** The library beside this file, which is where `--include` has it inside the program. */
function includedLibrary(): string | undefined {
  const name = Deno.build.os === "darwin" ? "libhftlive.dylib" : "libhftlive.so";
  const path = `${import.meta.dirname}/${name}`;
  try {
    return Deno.statSync(path).isFile ? path : undefined;
  } catch {
    return undefined;
  }
}
