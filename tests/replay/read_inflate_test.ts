/** Decompression in pieces, held against zlib. */

import { assert, assertEquals, assertInstanceOf, assertStringIncludes } from "@std/assert";
import { constants, deflateRawSync, gzipSync, type ZlibOptions } from "node:zlib";
import { RecordingError } from "@hftlive/hftlive";
import type { ByteSource } from "../../lib/replay/format/byte_source.ts";
import { GzipBytes } from "../../lib/replay/format/gzip.ts";
import { HuffmanTable } from "../../lib/replay/format/huffman.ts";
import { Inflate } from "../../lib/replay/format/inflate.ts";
import { InputBuffer } from "../../lib/replay/format/input_buffer.ts";
import { Random } from "../../lib/stub/random.ts";
import { concat, text } from "./read_support.ts";

const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED } = constants;

Deno.test("inflate: contents of all kinds, compressed in all ways", () => {
  const random = new Random(1, 0);
  for (const [name, make] of Object.entries(CONTENTS)) {
    for (const strategy of [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED]) {
      for (const level of [0, 1, 6, 9]) {
        const options: ZlibOptions = {
          strategy,
          level,
          memLevel: random.int(1, 9),
          windowBits: random.int(9, 15),
        };
        const content = make(random, random.int(0, 300_000));
        const compressed = new Uint8Array(deflateRawSync(content, options));
        const { bytes, error } = drain(new Inflate(inputOf(compressed, random)), random);
        assertEquals(error, undefined, `${name}, ${JSON.stringify(options)}`);
        assert(isSame(bytes, content), `${name}, ${JSON.stringify(options)}`);
      }
    }
  }
});

Deno.test("inflate: sets of codes that cannot be are refused", () => {
  const table = new HuffmanTable(new Int32Array(4), 2);
  const canBe = (...lengths: number[]) => table.build(Uint8Array.from(lengths));
  assert(canBe(1, 2, 3, 3) && canBe(2, 2, 2, 2) && canBe(0, 1, 0, 0) && canBe(0, 0, 0, 0));
  assert(!canBe(1, 1, 1, 0), "more codes than there are");
  assert(!canBe(1, 3, 3, 0), "bits that are no code");
});

Deno.test("inflate: what follows the data is left in the input", () => {
  const random = new Random(2, 0);
  for (const [, make] of Object.entries(CONTENTS)) {
    const compressed = new Uint8Array(deflateRawSync(make(random, 1000)));
    const input = inputOf(concat(compressed, text("next")), random);
    assertEquals(drain(new Inflate(input), random).error, undefined);
    assertEquals(input.offset, compressed.length);
    assertEquals(input.uint(4, "text"), 0x7478656e);
  }
});

Deno.test("inflate: everything before a cut is delivered, and nothing else", () => {
  const random = new Random(3, 0);
  for (const [name, make] of Object.entries(CONTENTS)) {
    for (const strategy of [Z_DEFAULT_STRATEGY, Z_FIXED]) {
      const content = make(random, 700);
      const compressed = new Uint8Array(deflateRawSync(content, { strategy }));
      let delivered = 0;
      for (let length = 0; length < compressed.length; length++) {
        const input = inputOf(compressed.subarray(0, length), random);
        const { bytes, error } = drain(new Inflate(input), random);
        assert(isSame(bytes, content.subarray(0, bytes.length)), `${name}, ${length} bytes`);
        assert(bytes.length >= delivered, `${name}, ${length} bytes`);
        delivered = bytes.length;
        assertStringIncludes(error?.message ?? "", "cut off");
      }
      // What the last bytes of a stream say is little: they end the block.
      assert(delivered >= content.length - 300, `${delivered} of ${content.length} bytes`);
    }
  }
});

Deno.test("gzip: damage anywhere is an error, never other content", () => {
  const random = new Random(4, 0);
  const content = concat(...Object.values(CONTENTS).map((make) => make(random, 2000)));
  const compressed = new Uint8Array(gzipSync(content));
  let errors = 0;
  for (let round = 0; round < 2000; round++) {
    const damaged = compressed.slice();
    // Nothing checks the time in the header, nor what system it was written on.
    const at = random.chance(0.2) ? random.int(0, 3) : random.int(10, damaged.length - 1);
    damaged[at]! ^= 1 << random.int(0, 7);
    const { bytes, error } = drain(new GzipBytes(new Pieces(damaged, random)), random);
    if (error !== undefined) errors++;
    else assert(isSame(bytes, content), `byte ${at}`);
  }
  assert(errors > 1900, `${errors} errors`);
});

Deno.test("gzip: members in a row, with all that a header may have", () => {
  const random = new Random(5, 0);
  const contents = [text("one "), new Uint8Array(0), text("two")];
  const members = contents.map((content) => {
    const [header, body] = [new Uint8Array(gzipSync(content)), new Uint8Array(gzipSync(content))];
    header[3] = 2 + 4 + 8 + 16;
    const extra = concat(Uint8Array.of(3, 0), text("abcname\0comment\0"), Uint8Array.of(1, 2));
    return concat(header.subarray(0, 10), extra, body.subarray(10));
  });
  const { bytes, error } = drain(new GzipBytes(new Pieces(concat(...members), random)), random);
  assertEquals([new TextDecoder().decode(bytes), error], ["one two", undefined]);
});

Deno.test("gzip: a trailer with another length is damage", () => {
  const random = new Random(7, 0);
  const compressed = new Uint8Array(gzipSync(text("content")));
  compressed[compressed.length - 4]! ^= 1;
  const { error } = drain(new GzipBytes(new Pieces(compressed, random)), random);
  assertStringIncludes(error?.message ?? "", "the content has 7 bytes, expected 6");
});

Deno.test("gzip: bytes after the data are damage", () => {
  const random = new Random(6, 0);
  const compressed = new Uint8Array(gzipSync(text("content")));
  const { bytes, error } = drain(
    new GzipBytes(new Pieces(concat(compressed, text("xyz")), random)),
    random,
  );
  assertEquals(bytes.length, 7);
  assertStringIncludes(error?.message ?? "", "found bytes after the gzip data");
  assertEquals(error?.offset, compressed.length);
});

/** Makes content of about a length. */
const CONTENTS: Readonly<
  Record<string, (random: Random, length: number) => Uint8Array<ArrayBuffer>>
> = {
  noise: (random, length) => Uint8Array.from({ length }, () => random.int(0, 255)),
  zeros: (_, length) => new Uint8Array(length),
  skewed: (random, length) => Uint8Array.from({ length }, () => random.int(0, random.int(0, 255))),
  lines: (random, length) => {
    let line = "";
    while (line.length < length) line += `{"p":"${random.int(60_000, 61_000) / 10}","q":"0.01"}\n`;
    return text(line);
  },
  records: (random, length) => {
    const words = new Float64Array(length >> 3);
    for (let i = 0; i < words.length; i++) words[i] = i % 8 < 3 ? random.int(0, 1000) / 10 : i >> 6;
    return new Uint8Array(words.buffer);
  },
};

/** Bytes that come in pieces of any size. */
class Pieces implements ByteSource {
  readonly file = "pieces";
  readonly of = "file";
  offset = 0;

  constructor(private readonly bytes: Uint8Array, private readonly random: Random) {}

  read(into: Uint8Array): number {
    const left = Math.min(into.length, this.bytes.length - this.offset);
    const count = Math.min(left, this.random.int(1, 9000));
    into.set(this.bytes.subarray(this.offset, this.offset + count));
    this.offset += count;
    return count;
  }

  [Symbol.dispose](): void {}
}

function inputOf(bytes: Uint8Array, random: Random): InputBuffer {
  return new InputBuffer(new Pieces(bytes, random));
}

/** Reads in pieces of any size to the end or to an error. */
function drain(
  source: { read(into: Uint8Array): number },
  random: Random,
): { bytes: Uint8Array; error: RecordingError | undefined } {
  const parts: Uint8Array[] = [];
  try {
    for (;;) {
      const piece = new Uint8Array(random.int(1, 50_000));
      const count = source.read(piece);
      if (count === 0) return { bytes: concat(...parts), error: undefined };
      parts.push(piece.subarray(0, count));
    }
  } catch (error) {
    assertInstanceOf(error, RecordingError);
    return { bytes: concat(...parts), error };
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
