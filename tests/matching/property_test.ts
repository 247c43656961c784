import { assert, assertEquals } from "@std/assert";
import type { QueueModelOptions, TimeInForce } from "@hftlive/hftlive";
import type { MatchOrder, MatchRequest } from "../../lib/matching/types.ts";
import { type Numbers, numbers } from "../bot/numbers.ts";
import { Desk } from "./desk.ts";
import { NaiveEngine } from "./naive_engine.ts";

const TIMES_IN_FORCE: readonly TimeInForce[] = ["GTC", "GTC", "GTC", "GTX", "FOK", "IOC"];

function randomRequest(random: Numbers, tag: string): MatchRequest<string> {
  return {
    tag,
    isBuy: random.int(0, 1) === 1,
    orderType: random.int(0, 9) === 0 ? "market" : "limit",
    timeInForce: random.of(TIMES_IN_FORCE),
    tick: random.int(90, 110),
    lots: random.int(1, 12),
  };
}

/** A level near a centre that wanders, so that prices are crossed now and then. */
function randomLevel(
  random: Numbers,
  step: number,
  wander = 6,
): { isBid: boolean; tick: number } {
  const centre = 100 + Math.round(wander * Math.sin(step / 50));
  const isBid = random.int(0, 1) === 1;
  const away = wander === 0 ? random.int(0, 3) : random.int(-1, 6);
  return { isBid, tick: isBid ? centre - away : centre + 1 + away };
}

for (const model of ["riskAverse", "none"] as const) {
  Deno.test(`the engine equals one that matches lot by lot: ${model}`, () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = numbers(seed);
      const desk = new Desk({ model });
      const naive = new NaiveEngine(model);
      const orders: MatchOrder<string>[] = [];
      for (let step = 0; step < 400; step++) {
        const choice = random.int(0, 99);
        if (choice < 50) {
          const { isBid, tick } = randomLevel(random, step);
          const lots = Math.max(0, random.int(-4, 15));
          desk.engine.depth(isBid, tick, lots, step);
          naive.depth(isBid, tick, lots);
        } else if (choice < 75) {
          const { isBid, tick } = randomLevel(random, step);
          const lots = random.int(1, 20);
          desk.engine.trade(!isBid, tick, lots, step);
          naive.trade(!isBid, tick, lots);
        } else if (choice < 92) {
          const request = randomRequest(random, `${step}`);
          orders.push(desk.engine.submit(request, step));
          naive.submit(request);
        } else if (choice < 99) {
          if (orders.length === 0) continue;
          const order = random.of(orders);
          assertEquals(desk.engine.cancel(order), naive.cancel(order.tag));
        } else {
          const side = random.of(["buy", "sell", "none"] as const);
          desk.engine.clear(side);
          naive.clear(side);
        }
        assertEquals(desk.news(), naive.told.splice(0), `seed ${seed}, step ${step}`);
      }
    }
  });
}

const ESTIMATES: readonly QueueModelOptions[] = [
  { model: "powerProb", n: 0.5 },
  { model: "powerProb", n: 3 },
  { model: "powerProb", n: 20 },
  { model: "logProb" },
];

for (const model of ESTIMATES) {
  Deno.test(`no lot is executed twice, and none in part: ${JSON.stringify(model)}`, () => {
    let executions = 0;
    for (let seed = 0; seed < 20; seed++) {
      const random = numbers(seed);
      const desk = new Desk(model);
      const left = new Map<string, number>();
      /** Lots that resting orders had executed since the last call. */
      const executed = () => {
        let lots = 0;
        for (const line of desk.news()) {
          const match = /^(\d+) (\d+) at \d+ (maker|taker), (\d+) left$/.exec(line);
          if (!match) continue;
          const [, tag, exec, role, leaves] = match;
          assertEquals(left.get(tag!)! - Number(exec), Number(leaves), line);
          left.set(tag!, Number(leaves));
          if (role === "maker") {
            lots += Number(exec);
            executions++;
          }
        }
        return lots;
      };
      for (let step = 0; step < 500; step++) {
        const choice = random.int(0, 9);
        const { isBid, tick } = randomLevel(random, step, seed % 2 * 6);
        const lots = random.int(1, 20);
        if (choice < 5) {
          desk.engine.depth(isBid, tick, choice === 0 ? 0 : lots, step);
          assert(executed() <= lots, `seed ${seed}, step ${step}`);
        } else if (choice < 8) {
          const traded = random.int(1, 4);
          desk.engine.trade(!isBid, tick, traded, step);
          assert(executed() <= traded, `seed ${seed}, step ${step}`);
        } else {
          const request = randomRequest(random, `${step}`);
          left.set(request.tag, request.lots);
          desk.engine.submit(request, step);
          executed();
        }
      }
      for (const order of desk.engine.resting()) {
        assertEquals(order.leavesLots, left.get(order.tag));
      }
    }
    assert(executions > 300, `only ${executions} executions`);
  });
}
