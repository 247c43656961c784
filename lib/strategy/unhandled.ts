/**
 * Errors that nobody awaits or catches.
 *
 * @module
 */

/**
 * Takes over errors that would end the process, until it is disposed. Disposing takes two turns of
 * the event loop, so that what was rejected just before is still taken.
 *
 * @param onError Is told what was thrown.
 * @returns Gives them back to the runtime.
 */
export function catchUnhandled(onError: (error: unknown) => void): AsyncDisposable {
  const onRejection = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    onError(event.reason);
  };
  const onException = (event: ErrorEvent): void => {
    event.preventDefault();
    onError(event.error);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  globalThis.addEventListener("error", onException);
  return {
    async [Symbol.asyncDispose]() {
      // Rejections are told at the end of a turn, and the first timer may still belong to the turn
      // in which they were made.
      for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
      globalThis.removeEventListener("unhandledrejection", onRejection);
      globalThis.removeEventListener("error", onException);
    },
  };
}
