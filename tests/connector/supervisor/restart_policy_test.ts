import { assert, assertEquals } from "@std/assert";
import {
  type RestartDecision,
  RestartPolicy,
  type RestartSettings,
  type RunEnd,
} from "@hftlive/hftlive";

const SETTINGS: RestartSettings = {
  policy: "on-failure",
  firstDelayMs: 100,
  maxDelayMs: 1_000,
  jitter: 0,
  maxRestarts: 6,
  windowMs: 60_000,
};

const CRASH: RunEnd = { failed: true, reason: "ended with code 1", cause: "connector" };
const NO_EXCHANGE: RunEnd = { failed: true, reason: "no market data", cause: "exchange" };
const CLEAN_END: RunEnd = { failed: false, reason: "ended with code 0", cause: "connector" };

function policy(changes?: Partial<RestartSettings>, random?: () => number): RestartPolicy {
  return new RestartPolicy({ ...SETTINGS, ...changes }, random);
}

function delayOf(decision: RestartDecision): number {
  assert(decision.action === "restart", decision.action);
  return decision.delayMs;
}

Deno.test("restart policy: pauses double up to the longest, then it is given up", () => {
  const restarts = policy();
  const delays = Array.from({ length: 6 }, () => delayOf(restarts.decide(CRASH, 0)));
  assertEquals(delays, [100, 200, 400, 800, 1_000, 1_000]);
  assertEquals(restarts.decide(CRASH, 0), {
    action: "fail",
    reason: "ended with code 1, after 6 restarts in 60 s",
  });
  assertEquals(restarts.decide(CRASH, 0).action, "fail", "it stays given up");
});

Deno.test("restart policy: attempts are numbered from 1", () => {
  const restarts = policy({ maxRestarts: 1 });
  assertEquals(restarts.decide(CRASH, 0), { action: "restart", delayMs: 100, attempt: 1 });
  assertEquals(restarts.decide(CRASH, 0), {
    action: "fail",
    reason: "ended with code 1, after 1 restart in 60 s",
  });
});

Deno.test("restart policy: jitter takes off up to its share, never adds", () => {
  assertEquals(delayOf(policy({ jitter: 0.5 }, () => 0).decide(CRASH, 0)), 100);
  assertEquals(delayOf(policy({ jitter: 0.5 }, () => 0.5).decide(CRASH, 0)), 75);
  assertEquals(delayOf(policy({ jitter: 1 }, () => 0.999_999).decide(CRASH, 0)), 0);
  const restarts = policy({ jitter: 0.2, maxRestarts: 1_000 });
  const delays = Array.from({ length: 500 }, () => delayOf(restarts.decide(CRASH, 0))).slice(4);
  assert(delays.every((ms) => ms > 800 - 1 && ms <= 1_000), String(delays));
  assert(new Set(delays).size > 50, "they differ");
});

Deno.test("restart policy: restarts are counted in a sliding window", () => {
  const restarts = policy({ maxRestarts: 2 });
  assertEquals(delayOf(restarts.decide(CRASH, 0)), 100);
  assertEquals(delayOf(restarts.decide(CRASH, 30_000)), 200);
  assertEquals(restarts.decide(CRASH, 59_999).action, "fail");
  // The first has left the window, the second has not.
  assertEquals(restarts.decide(CRASH, 60_000), { action: "restart", delayMs: 200, attempt: 2 });
  assertEquals(restarts.decide(CRASH, 89_999).action, "fail");
  assertEquals(delayOf(restarts.decide(CRASH, 200_000)), 100);
});

Deno.test("restart policy: a start that someone asks for counts from 0 again", () => {
  const restarts = policy({ maxRestarts: 1 });
  restarts.decide(CRASH, 0);
  assertEquals(restarts.decide(CRASH, 0).action, "fail");
  restarts.reset();
  assertEquals(delayOf(restarts.decide(CRASH, 0)), 100);
});

Deno.test("restart policy: an exchange that is away uses up no restarts, but pauses grow", () => {
  const restarts = policy({ maxRestarts: 1 });
  const delays = Array.from({ length: 1_000 }, () => delayOf(restarts.decide(NO_EXCHANGE, 0)));
  assertEquals(delays.slice(0, 5), [100, 200, 400, 800, 1_000]);
  assertEquals(delays.at(-1), 1_000);
  assertEquals(restarts.decide(CRASH, 0).action, "restart");
  assertEquals(restarts.decide(NO_EXCHANGE, 0).action, "restart");
  assertEquals(restarts.decide(CRASH, 0).action, "fail");
});

Deno.test("restart policy: what each policy restarts", () => {
  const actions = (["never", "on-failure", "always"] as const).map((name) => [
    policy({ policy: name }).decide(CRASH, 0).action,
    policy({ policy: name }).decide(CLEAN_END, 0).action,
  ]);
  assertEquals(actions, [["fail", "stop"], ["restart", "stop"], ["restart", "restart"]]);
});

Deno.test("restart policy: a program that always ends cleanly is a crash loop too", () => {
  const restarts = policy({ policy: "always", maxRestarts: 3 });
  for (let i = 0; i < 3; i++) assertEquals(restarts.decide(CLEAN_END, 0).action, "restart");
  assertEquals(restarts.decide(CLEAN_END, 0).action, "fail");
});

Deno.test("restart policy: pauses stay finite after any number of restarts", () => {
  const restarts = policy({ maxRestarts: 1_000_000 });
  for (let i = 0; i < 2_000; i++) restarts.decide(CRASH, 0);
  assertEquals(delayOf(restarts.decide(CRASH, 0)), 1_000);
});
