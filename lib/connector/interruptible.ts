/**
 * Reading a stream that may never end.
 *
 * @module
 */

/** A stream, and the way to end it. */
export interface InterruptibleStream {
  /** Ends with its source, or when it is ended. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Ends it, whatever its source still has; does nothing once it has ended. */
  end(): Promise<void>;
}

/**
 * Makes a stream that can be ended while it is read: a process's output stays open for as long as
 * any process that it started has it.
 *
 * @param source The stream to read from.
 * @returns The stream to hand on.
 */
export function interruptible(source: ReadableStream<Uint8Array>): InterruptibleStream {
  const reader = source.getReader();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
  return { stream, end: () => reader.cancel() };
}
