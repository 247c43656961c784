import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Position } from "../../lib/exchange/account/position.ts";
import {
  divideRounded,
  formatFixed,
  formatMoney,
  moneyOf,
  shareOf,
} from "../../lib/exchange/account/money.ts";
import { DecimalGrid } from "../../lib/exchange/market/decimal_grid.ts";
import { InvalidInputError } from "@hftlive/hftlive";
import { assertThrows } from "@std/assert";
import type { Json, Stream } from "./paper_client.ts";
import { startRig } from "./rig.ts";
import { BTC, ETH } from "./scripted_market.ts";

/** A generator of numbers that is the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

/** The next account update: wallet, position, entry price, realised profit so far. */
async function nextAccount(stream: Stream): Promise<unknown[]> {
  const { a } = await stream.take((message) => message.e === "ACCOUNT_UPDATE");
  const [balance] = a.B;
  const [position] = a.P;
  return [balance.wb, position.pa, position.ep, position.cr];
}

Deno.test("money: a grid writes and reads decimals without rounding", () => {
  const cases: [number, number, string][] = [
    [0.1, 600_001, "60000.1"],
    [0.1, 5, "0.5"],
    [0.05, 3, "0.15"],
    [0.001, -10, "-0.010"],
    [1, 42, "42"],
    [10, 42, "420"],
    [1e-7, 12_345, "0.0012345"],
    [0.25, 7, "1.75"],
  ];
  for (const [step, steps, text] of cases) {
    const grid = new DecimalGrid("step", step);
    assertEquals(grid.format(steps), text);
    if (steps > 0) assertEquals(grid.parse(text), steps);
  }
  const next = numbers(1);
  for (const step of [0.1, 0.01, 0.05, 0.001, 0.5, 1e-8, 25, 0.0125]) {
    const grid = new DecimalGrid("step", step);
    for (let i = 0; i < 200; i++) {
      const steps = next(1_000_000_000);
      assertEquals(grid.parse(grid.format(steps)), steps);
      assertEquals(grid.steps(Number(grid.format(steps))), steps);
    }
  }
});

Deno.test("money: a grid tells what is wrong with a text", () => {
  const grid = new DecimalGrid("step", 0.05);
  assertEquals(grid.parse("1.1000000"), 22);
  assertEquals(grid.parse("00001"), 20);
  assertEquals(grid.parse("0.04"), "offGrid");
  assertEquals(grid.parse("0.051"), "tooPrecise");
  assertEquals(grid.parse("99999999999999999999"), "tooLarge");
  for (
    const text of ["", "-1", "+1", "1e3", ".5", "1.", "0x1", " 1", "NaN", "1,5", "1".repeat(21)]
  ) {
    assertEquals(grid.parse(text), "malformed", text);
  }
  for (const step of [0, -1, NaN, Infinity, 1 / 3, 1e-13]) {
    assertThrows(() => new DecimalGrid("tickSize", step), InvalidInputError, "tickSize");
  }
});

Deno.test("money: amounts round half away from zero", () => {
  assertEquals([divideRounded(5n, 2n), divideRounded(-5n, 2n), divideRounded(5n, -2n)], [
    3n,
    -3n,
    -3n,
  ]);
  assertEquals([divideRounded(4n, 3n), divideRounded(-4n, 3n), divideRounded(0n, 3n)], [
    1n,
    -1n,
    0n,
  ]);
  assertEquals(formatMoney(moneyOf("balance", 1234.5)), "1234.50000000");
  assertEquals(formatMoney(-1n), "-0.00000001");
  assertEquals(formatFixed(-5n, 0), "-5");
  assertEquals(shareOf(moneyOf("x", 100), 0.00045), moneyOf("x", 0.045));
  assertEquals(shareOf(moneyOf("x", 100), -0.00005), moneyOf("x", -0.005));
  assertThrows(() => moneyOf("balance", 1e16), InvalidInputError, "balance");
});

Deno.test("money: a position's profit is what cash flows say", () => {
  const next = numbers(7);
  for (let run = 0; run < 50; run++) {
    const position = new Position();
    let cash = 0;
    let held = 0;
    let realized = 0;
    for (let i = 0; i < 200; i++) {
      const lots = (next(2) === 0 ? 1 : -1) * (1 + next(50));
      const tick = 1_000 + next(200);
      realized += Number(position.execute(lots, tick));
      cash -= lots * tick;
      held += lots;
      assertEquals(position.lots, held);
      // Realised and unrealised profit together are cash and what the position is worth. Each
      // execution rounds to a whole tick lot.
      const mark = 1_000 + next(200);
      assertAlmostEquals(
        realized + Number(position.profitAt(mark)),
        cash + held * mark,
        1 + i / 2,
      );
    }
    assertEquals(position.entry(1n) === 0n, held === 0);
  }
});

Deno.test("money: fees, average price and profit, by hand", async () => {
  await using rig = await startRig({
    balance: 1_000,
    fees: { maker: -0.0001, taker: 0.0005 },
    leverage: 10,
  });
  const { client, market, exchange } = rig;
  await using stream = await client.userStream();
  // Buys 1 at 100.2 and 1 at 100.3: value 200.5, fee 0.0501 + 0.05015.
  await client.order({ type: "MARKET", quantity: "2" });
  assertEquals(await nextAccount(stream), ["999.94990000", "1.000", "100.200000", "0.00000000"]);
  assertEquals(await nextAccount(stream), ["999.89975000", "2.000", "100.250000", "0.00000000"]);
  // Sells 0.5 at 100.0: loses 0.5 * 0.25, fee 0.025.
  await client.order({ side: "SELL", type: "MARKET", quantity: "0.5" });
  assertEquals(await nextAccount(stream), ["999.74975000", "1.500", "100.250000", "-0.12500000"]);
  // Sells 2 at 101 as maker: 1.5 close with 1.5 * 0.75, 0.5 open short; rebate 202 * 0.0001.
  await client.order({ side: "SELL", price: "101", quantity: "2", timeInForce: "GTX" });
  market.bid(101, 5);
  assertEquals(await nextAccount(stream), ["1000.89495000", "-0.500", "101.000000", "1.00000000"]);

  await market.settle();
  const { body: [risk] } = await client.signed("GET", "/fapi/v2/positionRisk");
  assertEquals([risk.symbol, risk.positionAmt, risk.entryPrice], [
    "BTCUSDT",
    "-0.500",
    "101.000000",
  ]);
  // The mark is the middle of the book.
  market.bid(101, 0).bid(100.5, 1).ask(100.7, 1);
  await market.settle();
  const { body: [marked] } = await client.signed("GET", "/fapi/v2/positionRisk");
  assertEquals([marked.markPrice, marked.unRealizedProfit, marked.notional], [
    "100.600000",
    "0.20000000",
    "-50.30000000",
  ]);
  const { body: account } = await client.signed("GET", "/fapi/v2/account");
  assertEquals(
    [account.totalWalletBalance, account.totalUnrealizedProfit, account.totalInitialMargin],
    ["1000.89495000", "0.20000000", "5.03000000"],
  );
  assertEquals(account.availableBalance, "996.06495000");
  const [symbol] = exchange.report().symbols;
  assertEquals(
    [symbol!.position, symbol!.realizedProfit, symbol!.fills, symbol!.makerFills, symbol!.volume],
    [-0.5, 1, 4, 1, 4.5],
  );
  assertAlmostEquals(symbol!.fees, 0.1251 + 0.00015 - 0.0202, 1e-9);
});

Deno.test("money: the commission of an execution is in its order update", async () => {
  await using rig = await startRig({ fees: { maker: 0, taker: 0.0004 } });
  await using stream = await rig.client.userStream();
  await rig.client.order({ price: "100.2", quantity: "0.5", timeInForce: "IOC" });
  const { o } = await stream.take((message) => message.o?.x === "TRADE");
  assertEquals([o.n, o.N, o.rp, o.t], ["0.02004000", "USDT", "0.00000000", 1]);
});

Deno.test("money: an order needs margin, one that closes does not", async () => {
  await using rig = await startRig({ balance: 20, leverage: 10, instruments: [BTC, ETH] });
  const { client, market } = rig;
  market.bid(10, 100, 1).ask(10.05, 100, 1);
  await market.settle();
  // 20 of margin carry positions and orders of 200.
  const refused = await client.order({ price: "99", quantity: "2.1" });
  assertEquals([refused.status, refused.body.code], [400, -2019]);
  const { body: first } = await client.order({ price: "99", quantity: "1" });
  assertEquals(first.status, "NEW");
  const both = await client.order({ symbol: "ETHUSDT", price: "10", quantity: "11" });
  assertEquals(both.body.code, -2019);
  // Buys and sells of one symbol do not add up.
  const other = await client.order({ side: "SELL", price: "101", quantity: "1.9" });
  assertEquals(other.body.status, "NEW");
  await client.signed("DELETE", "/fapi/v1/allOpenOrders", { symbol: "BTCUSDT" });
  const bought = await client.order({ price: "100.3", quantity: "1.9", timeInForce: "IOC" });
  assertEquals(bought.status, 200);
  const more = await client.order({ price: "99", quantity: "0.5" });
  assertEquals(more.body.code, -2019);
  const closing = await client.order({ side: "SELL", type: "MARKET", quantity: "1.9" });
  assertEquals(closing.status, 200);
});

Deno.test("money: reduce-only orders only reduce", async () => {
  await using rig = await startRig();
  const { client } = rig;
  const reduce = (fields: Record<string, string>) =>
    client.order({ type: "MARKET", reduceOnly: true, ...fields });
  assertEquals((await reduce({ side: "SELL", quantity: "1" })).body.code, -2022);
  await client.order({ type: "MARKET", quantity: "1" });
  assertEquals((await reduce({ side: "BUY", quantity: "1" })).body.code, -2022);
  assertEquals((await reduce({ side: "SELL", quantity: "1.5" })).body.code, -2022);
  assertEquals((await reduce({ side: "SELL", quantity: "0.04" })).status, 200);
  assertEquals((await reduce({ side: "SELL", quantity: "0.96" })).status, 200);
  const { body } = await client.signed("GET", "/fapi/v2/positionRisk", { symbol: "BTCUSDT" });
  assertEquals(body.map((each: Json) => each.positionAmt), ["0.000"]);
  assert(body[0].entryPrice === "0");
});

Deno.test("money: the wallet is what it was, and profits less fees", async () => {
  await using rig = await startRig({ balance: 5_000, instruments: [BTC, ETH] });
  const { client, market, exchange } = rig;
  const next = numbers(3);
  for (let i = 0; i < 5; i++) market.bid(50 - i / 20, 10, 1).ask(50.1 + i / 20, 10, 1);
  await market.settle();
  for (let i = 0; i < 40; i++) {
    const isEth = next(2) === 0;
    const qty = isEth ? (1 + next(20)) / 10 : (100 + next(400)) / 1000;
    const { status } = await client.order({
      symbol: isEth ? "ETHUSDT" : "BTCUSDT",
      side: next(2) === 0 ? "BUY" : "SELL",
      type: "MARKET",
      quantity: String(qty),
    });
    assertEquals(status, 200);
  }
  const { balance, equity, symbols } = exchange.report();
  const sum = (pick: (symbol: typeof symbols[number]) => number) =>
    symbols.reduce((total, symbol) => total + pick(symbol), 0);
  assertAlmostEquals(balance, 5_000 + sum((each) => each.realizedProfit - each.fees), 1e-7);
  assertAlmostEquals(equity, balance + sum((each) => each.unrealizedProfit), 1e-7);
  assert(sum((each) => each.fills) >= 40);
});
