/**
 * Lines out of a process's output.
 *
 * @module
 */

/** A longer line is cut, so that output without line ends cannot fill the memory. */
const MAX_LINE = 1024 * 1024;

/**
 * Reads a stream of UTF-8 line by line; a carriage return ends a line too.
 *
 * @param stream What a process prints.
 * @returns The lines without their ends.
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? "";
    yield* lines;
    while (rest.length > MAX_LINE) {
      yield rest.slice(0, MAX_LINE);
      rest = rest.slice(MAX_LINE);
    }
  }
  if (rest !== "") yield rest;
}
