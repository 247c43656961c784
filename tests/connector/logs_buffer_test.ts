import { assert, assertEquals, assertThrows } from "@std/assert";
import { InvalidInputError } from "@hftlive/hftlive";
import { LogBuffer } from "../../lib/connector/logs/log_buffer.ts";
import { type LogLine, parseLogLine } from "../../lib/connector/logs/log_line.ts";

function line(raw: string, cutBytes = 0): LogLine {
  return parseLogLine(raw, { stream: "stdout", cutBytes });
}

function fill(buffer: LogBuffer, from: number, to: number): void {
  for (let n = from; n < to; n++) buffer.add(line(`${n}`));
}

function raws(lines: LogLine[]): string {
  return lines.map(({ raw }) => raw).join(" ");
}

Deno.test("log buffer: keeps the last lines and counts the others", () => {
  const buffer = new LogBuffer({ maxLines: 4 });
  assertEquals(buffer.last(), []);
  fill(buffer, 0, 3);
  assertEquals(raws(buffer.last()), "0 1 2");
  fill(buffer, 3, 10);
  assertEquals(raws(buffer.last()), "6 7 8 9");
  assertEquals(raws(buffer.last(2)), "8 9");
  assertEquals(buffer.last(0), []);
  assertEquals(buffer.counts, { lines: 10, dropped: 6, cutLines: 0, cutBytes: 0 });
  buffer.add(line("cut", 7));
  buffer.add(line("cut", 5));
  assertEquals(buffer.counts, { lines: 12, dropped: 8, cutLines: 2, cutBytes: 12 });
});

Deno.test("log buffer: is bounded in characters too", () => {
  const buffer = new LogBuffer({ maxLines: 1000, maxCharacters: 100 });
  for (let n = 0; n < 500; n++) {
    buffer.add(line("x".repeat(n % 40)));
    assert(buffer.characters <= 100);
  }
  buffer.add(line("y".repeat(1000)));
  assertEquals(buffer.last().length, 1, "one line stays, however long");
  buffer.add(line("z"));
  assertEquals(raws(buffer.last()), "z");
  assertEquals(buffer.characters, 1);
});

Deno.test("log buffer: a tail has what is kept, then what comes, and ends with the output", async () => {
  const buffer = new LogBuffer();
  fill(buffer, 0, 5);
  const all = Array.fromAsync(buffer.tail());
  const some = Array.fromAsync(buffer.tail({ last: 2 }));
  const none = Array.fromAsync(buffer.tail({ last: 0 }));
  for (let n = 5; n < 8; n++) {
    await Promise.resolve();
    buffer.add(line(`${n}`));
  }
  buffer.close();
  assertEquals(raws(await all), "0 1 2 3 4 5 6 7");
  assertEquals(raws(await some), "3 4 5 6 7");
  assertEquals(raws(await none), "5 6 7");
  assertEquals(raws(await Array.fromAsync(buffer.tail())), "0 1 2 3 4 5 6 7");
});

Deno.test("log buffer: a slow reader loses the oldest lines, and is told how many", async () => {
  const buffer = new LogBuffer({ maxLines: 10 });
  fill(buffer, 0, 3);
  const tail = buffer.tail();
  const seen: string[] = [];
  for await (const { raw } of tail) {
    seen.push(raw);
    if (raw === "1") {
      fill(buffer, 3, 50);
      buffer.close();
    }
  }
  assertEquals(seen, ["0", "1", ..."40 41 42 43 44 45 46 47 48 49".split(" ")]);
  assertEquals(tail.dropped, 38);
});

Deno.test("log buffer: a signal ends a tail, before, while it waits and while it reads", async () => {
  const buffer = new LogBuffer();
  fill(buffer, 0, 2);
  assertEquals(await Array.fromAsync(buffer.tail({ signal: AbortSignal.abort() })), []);

  const waiting = new AbortController();
  const other = Array.fromAsync(buffer.tail());
  const lines = Array.fromAsync(buffer.tail({ signal: waiting.signal }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  waiting.abort();
  assertEquals(raws(await lines), "0 1");

  const reading = new AbortController();
  for await (const _ of buffer.tail({ signal: reading.signal })) reading.abort();
  buffer.add(line("2"));
  buffer.close();
  assertEquals(raws(await other), "0 1 2", "another reader is not disturbed");
});

Deno.test("log buffer: bad bounds are refused", () => {
  for (const value of [0, -1, 1.5, NaN]) {
    assertThrows(() => new LogBuffer({ maxLines: value }), InvalidInputError, "maxLines");
    assertThrows(() => new LogBuffer({ maxCharacters: value }), InvalidInputError, "maxCharacters");
  }
  assertThrows(() => new LogBuffer().tail({ last: -1 }), InvalidInputError, "last");
});
