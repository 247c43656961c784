import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type ConnectionChangeEvent,
  InvalidInputError,
  LiveClient,
  NotReadyError,
} from "@hftlive/hftlive";
import { INSTRUMENTS, ScriptedBot, turns, until } from "./scripted_bot.ts";

function connect(bot: ScriptedBot, asset: number, attached: boolean, registered: boolean): void {
  bot.connections[asset] = { ...bot.connections[asset]!, attached, registered };
}

Deno.test("health is what is proven, step by step, with a reason for what is missing", async () => {
  const bot = new ScriptedBot();
  connect(bot, 0, false, false);
  await using client = await LiveClient.start(bot);
  const look = () => {
    const { healthy, reason, instruments } = client.health;
    return [healthy, instruments[0]!.level, instruments[0]!.healthy, reason];
  };
  assertEquals(look(), [false, "none", false, 'no connector is attached to "alpha"']);
  connect(bot, 0, true, false);
  assertEquals(look(), [
    false,
    "attached",
    false,
    'connector "alpha" has not answered the registration of "btcusdt"',
  ]);
  connect(bot, 0, true, true);
  assertEquals(look(), [
    false,
    "registered",
    false,
    'no market data of "btcusdt" has come from connector "alpha" yet',
  ]);
  bot.trades(1);
  await until(() => bot.left === 0);
  assertEquals(look(), [true, "fresh", true, undefined]);
  assert(client.health.uptimeMs > 0);
  // A connector that is gone proves nothing, however fresh its last data.
  connect(bot, 0, false, true);
  assertEquals(look().slice(0, 2), [false, "none"]);
});

Deno.test("data that stays away for longer than the timeout is unhealthy", async () => {
  const bot = new ScriptedBot().trades(1);
  await using client = await LiveClient.start(bot, { feedTimeoutMs: 1 });
  await until(() => bot.left === 0);
  await until(() => client.health.instruments[0]!.lastFeedAgeMs! > 1);
  const { healthy, reason } = client.health;
  assertEquals(healthy, false);
  assert(reason?.startsWith('no market data of "btcusdt" for '), reason);
  assert(reason?.endsWith('restart connector "alpha"'), reason);
});

Deno.test("one unhealthy instrument makes the client unhealthy", async () => {
  const bot = new ScriptedBot(INSTRUMENTS).trades(1, { asset: 0 });
  connect(bot, 1, false, false);
  await using client = await LiveClient.start(bot);
  await until(() => bot.left === 0);
  const { healthy, reason, instruments } = client.health;
  assertEquals(instruments.map((instrument) => instrument.healthy), [true, false]);
  assertEquals([healthy, reason], [false, 'no connector is attached to "beta"']);
});

Deno.test("health sums up what the bot dropped and how often its channel overflowed", async () => {
  const bot = new ScriptedBot(INSTRUMENTS);
  bot.connections[0] = { ...bot.connections[0]!, dropped: 3, overflows: 1 };
  bot.connections[1] = { ...bot.connections[1]!, dropped: 4, overflows: 2 };
  await using client = await LiveClient.start(bot);
  assertEquals([client.health.dropped, client.health.overflows], [7, 3]);
});

Deno.test("a connection is lost and restored once each, at once on a connection record", async () => {
  const bot = new ScriptedBot(INSTRUMENTS);
  // So long that only records can bring the changes.
  await using client = await LiveClient.start(bot, { healthIntervalMs: 1_000_000 });
  const seen: unknown[] = [];
  const listener = ({ type, detail }: ConnectionChangeEvent) => {
    seen.push([type, detail.symbol, detail.level, detail.reason]);
  };
  client.addEventListener("connectionlost", listener);
  client.addEventListener("connectionrestored", listener);
  const change = async (attached: boolean) => {
    connect(bot, 1, attached, attached);
    bot.script((writer) => writer.connection(1, bot.time, attached ? "registered" : "detached"));
    await until(() => bot.left === 0);
  };
  await change(false);
  assertEquals(seen, []); // Never was healthy.
  await change(true);
  bot.trades(1, { asset: 0 }).trades(1, { asset: 1 });
  await until(() => bot.left === 0);
  assertEquals(seen, []); // Healthy for the first time.
  await change(false);
  await change(false);
  assertEquals(seen, [["connectionlost", "ethusdt", "none", 'no connector is attached to "beta"']]);
  await change(true);
  assertEquals(seen.length, 1); // What the connector sent before it went away proves nothing.
  bot.trades(1, { asset: 1 });
  await until(() => bot.left === 0);
  await change(true);
  assertEquals(seen[1], ["connectionrestored", "ethusdt", "fresh", undefined]);
  assertEquals(seen.length, 2);
  client.removeEventListener("connectionlost", listener);
  await change(false);
  assertEquals(seen.length, 2);
});

Deno.test("a feed that falls silent is noticed by the interval, its return at once", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot, { healthIntervalMs: 2, feedTimeoutMs: 20 });
  const seen: string[] = [];
  client.addEventListener("connectionlost", (event) => {
    seen.push(event.type);
    assert(event.detail.reason?.startsWith("no market data"), event.detail.reason);
  });
  client.addEventListener("connectionrestored", ({ type }) => seen.push(type));
  bot.trades(1);
  await until(() => seen.length >= 1);
  bot.trades(1);
  await until(() => seen.length >= 2);
  assertEquals(seen.slice(0, 2), ["connectionlost", "connectionrestored"]);
});

Deno.test("ready waits for the level asked for", async () => {
  const bot = new ScriptedBot();
  connect(bot, 0, false, false);
  await using client = await LiveClient.start(bot, { healthIntervalMs: 1_000_000 });
  const reached: string[] = [];
  const waits = (["none", "attached", "registered", "fresh"] as const).map((level) =>
    client.ready({ level }).then(() => reached.push(level))
  );
  await waits[0];
  for (const [i, state] of (["attached", "registered"] as const).entries()) {
    connect(bot, 0, true, state === "registered");
    bot.script((writer) => writer.connection(0, bot.time, state));
    await waits[i + 1];
    await turns(2);
    assertEquals(reached.length, i + 2);
  }
  bot.trades(1);
  await waits[3];
  assertEquals(reached, ["none", "attached", "registered", "fresh"]);
  assertEquals((await client.ready()).healthy, true);
});

Deno.test("ready gives up with what is missing", async () => {
  const bot = new ScriptedBot();
  connect(bot, 0, false, false);
  const client = await LiveClient.start(bot);
  const error = await assertRejects(
    () => client.ready({ timeoutMs: 5 }),
    NotReadyError,
    'Cannot get ready: no connector is attached to "alpha" (waited 0.0 s)',
  );
  assertEquals(error.health.healthy, false);
  const abort = new AbortController();
  const aborted = client.ready({ signal: abort.signal });
  abort.abort(new Error("enough"));
  await assertRejects(() => aborted, Error, "enough");
  // @ts-expect-error a level that is none
  await assertRejects(() => client.ready({ level: "good" }), InvalidInputError, "level");
  const closed = assertRejects(() => client.ready(), NotReadyError, "the client is closed");
  await client.close();
  await closed;
  await assertRejects(() => client.ready(), NotReadyError, "the client is closed");
});

Deno.test("a client that has ended, failed or was closed is unhealthy and says why", async () => {
  const ended = new ScriptedBot().trades(1);
  ended.endOfData = true;
  await using first = await LiveClient.start(ended);
  assertEquals(await first.finished, "endOfData");
  assertEquals([first.health.healthy, first.health.reason], [false, "the data has ended"]);
  assertEquals(first.health.instruments[0]?.level, "fresh");

  const failed = new ScriptedBot();
  failed.failure = new Error("broken");
  await using second = await LiveClient.start(failed);
  assertEquals(await second.finished, "failed");
  assertEquals(second.health.reason, "the bot failed: broken");

  const closed = await LiveClient.start(new ScriptedBot());
  await closed.close();
  assertEquals(closed.health.reason, "the client is closed");
  assertEquals(closed.health.instruments[0]?.reason, "the client is closed");
});

Deno.test("a bot closed behind the client's back ends it as failed", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  bot.close();
  assertEquals(client.health.reason, "Cannot use bot: it is closed");
  assertEquals(await client.finished, "failed");
});

Deno.test("a consumer that holds a batch for too long is named as the reason", async () => {
  const bot = new ScriptedBot().trades(1);
  await using client = await LiveClient.start(bot, { feedTimeoutMs: 1 });
  for await (const _batch of client.batches()) {
    await until(() => client.health.reason?.startsWith("a consumer of batches()") === true);
    break;
  }
  await until(() => client.health.reason?.startsWith("no market data") === true);
});
