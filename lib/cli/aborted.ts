/**
 * Waiting for the end that a signal brings.
 *
 * @module
 */

/**
 * Waits until a signal is aborted.
 *
 * @param signal The signal.
 * @returns Resolves when it is; at once if it is already.
 */
export function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
