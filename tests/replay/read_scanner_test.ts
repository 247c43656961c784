/** Reading messages from their bytes makes what JSON.parse makes of them. */

import { assert, assertEquals } from "@std/assert";
import { BinanceScanner } from "../../lib/replay/format/binance_scanner.ts";
import { FileBytes } from "../../lib/replay/format/byte_source.ts";
import { writeMessage } from "../../lib/replay/format/collector_message.ts";
import { GzipBytes } from "../../lib/replay/format/gzip.ts";
import { DamagedLine, isJsonObject } from "../../lib/replay/format/json_fields.ts";
import { LineReader } from "../../lib/replay/format/lines.ts";
import { MessageWriter } from "../../lib/replay/format/message_writer.ts";
import { RecordBuffer } from "../../lib/replay/format/record_buffer.ts";
import { type Stream, StreamNames } from "../../lib/replay/format/streams.ts";
import { Random } from "../../lib/stub/random.ts";
import { RECORDING, recordingMissing } from "../support/recording.ts";
import { text } from "./read_support.ts";

const MESSAGES = [
  '{"stream":"a@trade","data":{"e":"trade","E":1723161256322,"T":1723161256321,"s":"A","t":52,' +
  '"p":"61800.30","q":"0.006","X":"MARKET","m":false}}',
  '{"stream":"a@trade","data":{"e":"trade","E":1,"s":"A","p":"1","q":"2.5","b":8,"a":9,"m":true}}',
  '{"stream":"a@trade","data":{"e":"trade","T":1,"s":"A","p":"1","q":"2","X":"RPI","m":true}}',
  '{"stream":"a@depth@0ms","data":{"e":"depthUpdate","E":1723161256352,"T":1723161256351,"s":"A",' +
  '"U":51,"u":5123107842679,"pu":512,"b":[["1000.00","606.675"],["5.1","0"]],"a":[["7","8"]]}}',
  '{"stream":"a@depth","data":{"e":"depthUpdate","E":1,"s":"A","U":5,"u":6,"b":[],"a":[]}}',
];

Deno.test("scanner: knows the messages as the exchange writes them", () => {
  for (const message of MESSAGES) assertEquals(compare(new Pair(), text(message)), "same");
});

Deno.test("scanner: a message that was changed is left to JSON.parse, or read alike", () => {
  const random = new Random(1, 0);
  const pair = new Pair();
  const outcomes = { same: 0, left: 0 };
  for (let round = 0; round < 30_000; round++) {
    const bytes = Array.from(text(MESSAGES[round % MESSAGES.length]!));
    for (let change = random.int(1, 2); change > 0; change--) {
      const at = random.int(bytes.indexOf(0x2c), bytes.length - 1);
      const inserted = random.chance(0.5)
        ? bytes[random.int(0, bytes.length - 1)]!
        : '",:[]{}\\ .0123456789eE+-tfnulX\x00\xff'.charCodeAt(random.int(0, 31));
      bytes.splice(at, random.int(0, 2), ...random.chance(0.7) ? [inserted] : []);
    }
    outcomes[compare(pair, Uint8Array.from(bytes))]++;
  }
  assert(outcomes.same > 1000 && outcomes.left > 1000, JSON.stringify(outcomes));
});

Deno.test({
  name: "scanner: knows every trade and depth update of the recording",
  ignore: recordingMissing() !== undefined,
  fn() {
    const pair = new Pair();
    let count = 0;
    using lines = new LineReader(new GzipBytes(new FileBytes(RECORDING)));
    while (lines.next()) {
      const message = lines.bytes.subarray(lines.bytes.indexOf(0x20, lines.start) + 1, lines.end);
      const kind = pair.streams.find(message, 0, message.length)?.value.kind;
      if (kind !== "trade" && kind !== "depth") continue;
      assertEquals(compare(pair, message), "same", `line ${lines.line}`);
      count++;
    }
    assert(count > 20_000);
  },
});

/** Both ways to read a message. */
class Pair {
  readonly streams = new StreamNames((stream: Stream) => stream);
  readonly scanned = new MessageWriter(new RecordBuffer());
  readonly parsed = new MessageWriter(new RecordBuffer());
  readonly scanner = new BinanceScanner(this.scanned);
}

/** Reads a message in both ways; fails if the scanner takes it and they differ. */
function compare(pair: Pair, message: Uint8Array): "same" | "left" {
  const { streams, scanner, scanned, parsed } = pair;
  const head = streams.find(message, 0, message.length);
  assert(head !== undefined);
  const { kind } = head.value;
  scanned.records.length = parsed.records.length = 0;
  const isTaken = (kind === "trade" || kind === "depth") &&
    scanner.write(kind, message, head.bytes.length, message.length);
  if (!isTaken) {
    assertEquals(scanned.records.length, 0);
    return "left";
  }
  const json = new TextDecoder("utf-8", { fatal: true }).decode(message);
  try {
    const value: unknown = JSON.parse(json);
    assert(isJsonObject(value));
    writeMessage(head.value, value, parsed);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof DamagedLine)) throw error;
    throw new Error(`${json} was taken: ${error.message}`);
  }
  assert(isSame(scanned.records, parsed.records), json);
  return "same";
}

function isSame(a: RecordBuffer, b: RecordBuffer): boolean {
  const size = a.length * 64;
  const others = b.bytes.subarray(0, size);
  return a.length === b.length && a.bytes.subarray(0, size).every((byte, i) => byte === others[i]);
}
