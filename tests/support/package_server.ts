/**
 * Serves the checkout as a package registry serves a package's files.
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url);

/** A running server. */
export interface PackageServer extends AsyncDisposable {
  /** URL of the package's root. */
  readonly url: string;
}

/**
 * Starts a server on loopback, on a port that is free.
 *
 * @param change Changes a file on its way, to play an attacker.
 * @returns The server; `await using` stops it.
 */
export function servePackage(
  change: (path: string, bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> = (_, bytes) =>
    bytes,
): PackageServer {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const path = new URL(request.url).pathname.slice(1);
      try {
        return new Response(change(path, await Deno.readFile(new URL(path, ROOT))));
      } catch {
        return new Response("not found", { status: 404 });
      }
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
    },
  };
}
