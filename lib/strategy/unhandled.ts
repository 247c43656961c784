/**
 * Errors that nobody awaits or catches.
 *
 * @module
 */

/**
 * Takes over errors that would end the process, until it is disposed.
 *
 * @param onError Is told what was thrown.
 * @returns Gives them back to the runtime.
 */
export function catchUnhandled(onError: (error: unknown) => void): Disposable {
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
    [Symbol.dispose]() {
      globalThis.removeEventListener("unhandledrejection", onRejection);
      globalThis.removeEventListener("error", onException);
    },
  };
}
