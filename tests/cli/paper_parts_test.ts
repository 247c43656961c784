/**
 * Parts of `paper`: steps found in values, the exchange's books beside the bot's view, errors that
 * cross a thread.
 */

import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { compareViews } from "../../lib/cli/paper/agreement.ts";
import { startExchangeThread } from "../../lib/cli/paper/exchange_thread.ts";
import type { ExchangeSpec } from "../../lib/cli/paper/exchange_host.ts";
import { withInstruments } from "../../lib/cli/paper/recorded_instruments.ts";
import { StepFinder } from "../../lib/cli/paper/step_finder.ts";
import { fromSent, toSent } from "../../lib/cli/paper/worker_messages.ts";
import { CommandError, exitCodeOf, UsageError } from "../../lib/cli/exit.ts";
import type { ReplaySource } from "../../lib/cli/source/replay.ts";
import {
  type LiveBot,
  PaperExchange,
  type PaperVenue,
  runStrategy,
  StubBot,
} from "@hftlive/hftlive";
import { defineStrategy, type RunReport } from "@hftlive/hftlive";
import { InvalidInputError, MissingPermissionError } from "../../lib/model/errors.ts";
import { RECORDING, recordingMissing } from "../support/recording.ts";

/** The step of values on a grid. */
function found(step: number, from: number, count = 200): number | undefined {
  const finder = new StepFinder();
  const decimals = Math.max(0, -Math.floor(Math.log10(step)) + 3);
  for (let i = 0; i < count; i++) finder.add(Number((from + i * step).toFixed(decimals)));
  return finder.step;
}

Deno.test("steps are the coarsest that all values are multiples of", () => {
  for (const step of [0.1, 0.01, 0.001, 0.5, 0.05, 0.00025, 1, 10, 250, 1e-8]) {
    assertEquals(found(step, step * 600_000), step);
  }
  assertEquals(found(0.1, 60_000, 99), undefined);
  const finder = new StepFinder();
  for (let i = 0; i < 200; i++) for (const odd of [0, NaN, Infinity, -1]) finder.add(odd);
  assertEquals(finder.step, undefined);
});

const REPLAY: ReplaySource = {
  mode: "replay",
  files: [{ path: RECORDING, symbol: undefined }],
  instruments: [],
  steps: { connector: "paper", tickSize: 7, lotSize: 7 },
  speed: 1,
  startTime: undefined,
  endTime: undefined,
  skipDamaged: false,
};

Deno.test({
  name: "instruments and steps come from the recording as far as nothing is said of them",
  ignore: recordingMissing() !== undefined,
  fn() {
    const steps = (tickSize: boolean, lotSize: boolean) =>
      withInstruments(REPLAY, { tickSize, lotSize }).instruments;
    const btcusdt = { connector: "paper", symbol: "btcusdt" };
    assertEquals(steps(true, true), [{ ...btcusdt, tickSize: 0.1, lotSize: 0.001 }]);
    assertEquals(steps(false, true), [{ ...btcusdt, tickSize: 7, lotSize: 0.001 }]);
    const named = {
      ...REPLAY,
      steps: undefined,
      instruments: [{ ...btcusdt, tickSize: 1, lotSize: 1 }],
    };
    assertEquals(withInstruments(named, { tickSize: true, lotSize: false }).instruments, [
      { ...btcusdt, tickSize: 0.1, lotSize: 1 },
    ]);
    const other = {
      ...named,
      instruments: [{ ...btcusdt, symbol: "ethusdt", tickSize: 1, lotSize: 1 }],
    };
    assertThrows(
      () => withInstruments(other, { tickSize: true, lotSize: true }),
      UsageError,
      "No recording has symbol ethusdt, there is btcusdt",
    );
  },
});

/** A run of a strategy that does nothing. */
async function emptyRun(bot: LiveBot): Promise<RunReport> {
  const nothing = defineStrategy({ setup: () => undefined });
  const { report } = await runStrategy(bot, nothing, { durationS: 0.01, virtualTime: true });
  return report;
}

Deno.test("the exchange's books and the bot's view are compared figure by figure", async () => {
  using market = new StubBot({ seed: 7, clock: "real", maxFeeds: Infinity });
  await using exchange = await PaperExchange.start({ market });
  const books = exchange.report();
  const run = await emptyRun(new StubBot({ seed: 7 }));
  const same = compareViews(books, run, "binancefutures");
  assertEquals(same.map(({ figure }) => figure), [
    "position",
    "volume",
    "turnover",
    "profitBeforeFees",
  ]);
  assertEquals(same.every(({ agrees, symbol }) => agrees && symbol === "BTCUSDT"), true);

  const [symbol] = books.symbols;
  const [instrument] = run.instruments;
  const traded = { ...symbol!, position: 0.002, volume: 0.002, turnover: 120, markPrice: 60_000 };
  const told = {
    ...instrument!,
    ...{ position: 0.002, turnover: 120, balance: -120 },
    fills: { ...instrument!.fills, bought: 0.002 },
  };
  const compare = (own: object, venue: PaperVenue = "binancefutures"): string[] =>
    compareViews({ ...books, symbols: [traded] }, {
      ...run,
      instruments: [{ ...told, ...own }],
    }, venue).filter(({ agrees }) => !agrees).map(({ figure }) => figure);
  assertEquals(compare({}), []);
  assertEquals(compare({ position: 0.001 }), ["position", "profitBeforeFees"]);
  assertEquals(compare({ fills: { ...told.fills, bought: 0.001 } }), ["volume"]);
  assertEquals(compare({ turnover: 119.99 }), ["turnover"]);
  assertEquals(compare({ balance: -119.98 }), ["profitBeforeFees"]);
  // The spot connector tells no positions.
  assertEquals(compare({ position: 0 }, "binancespot"), []);
});

Deno.test("errors keep their exit code when they cross a thread", () => {
  const errors = [
    new UsageError("a"),
    new InvalidInputError("b", 1, "2"),
    new MissingPermissionError("c", ["--allow-net"]),
    new CommandError("d"),
    new TypeError("e"),
  ];
  for (const error of errors) {
    const sent = fromSent(structuredClone(toSent(error)));
    assertEquals(exitCodeOf(sent), exitCodeOf(error));
    assertEquals(sent.message.includes(error.message), true, sent.message);
  }
});

const SPEC: ExchangeSpec = {
  market: {
    mode: "stub",
    instruments: [{ connector: "paper", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 }],
    seed: 7,
    speed: 1,
  },
  settings: {
    venue: "binancefutures",
    port: 0,
    balance: 1_000,
    holdings: {},
    leverage: 20,
    makerFee: 0.0002,
    takerFee: 0.0005,
    queueModel: undefined,
    isLimited: true,
    acceptsQuirks: false,
  },
  apiKey: undefined,
  secret: undefined,
};

Deno.test("an exchange in a thread of its own answers while this one is blocked", async () => {
  await using host = await startExchangeThread(SPEC);
  assertEquals((await host.report()).balance, 1_000);
  const { apiUrl } = host.access;
  // Asked by a process of its own, while nothing runs here.
  const { stdout } = new Deno.Command(Deno.execPath(), {
    args: ["eval", `console.log((await fetch("${apiUrl}/fapi/v1/ping")).status)`],
  }).outputSync();
  assertEquals(new TextDecoder().decode(stdout).trim(), "200");
  await host.close();
  await host.close();
  await fetch(apiUrl).then(() => {
    throw new Error("it still listens");
  }, (error) => assertInstanceOf(error, TypeError));
});

Deno.test("an exchange that cannot start tells why, from its thread", async () => {
  const spec = { ...SPEC, apiKey: "short" };
  const error = await startExchangeThread(spec).then(() => undefined, (reason) => reason);
  assertInstanceOf(error, UsageError);
  assertEquals(error.message.startsWith('Cannot use --api-key = "***"'), true, error.message);
});
