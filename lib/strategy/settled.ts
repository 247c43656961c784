/**
 * Waits that end.
 *
 * @module
 */

/**
 * Waits until a promise has settled, for a limited time.
 *
 * @param promise Must not reject.
 * @param timeoutMs How long to wait, ms.
 * @returns Whether it has settled.
 */
export async function settledWithin(
  promise: Promise<unknown>,
  timeoutMs: number,
): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
