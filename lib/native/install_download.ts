/**
 * Downloading one file of a release.
 *
 * @module
 */

import { NativeInstallError } from "./install_error.ts";

/** No library is nearly as large; what is larger is no library. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A server that sends nothing for this long has lost the connection. */
const STALL_MS = 30_000;

/** Options of {@linkcode download}. */
export interface DownloadOptions {
  /** How messages name the file. */
  readonly place: string;
  /** Ends the download. */
  readonly signal?: AbortSignal | undefined;
  /** Is called with the bytes that have come, and with their number if it is known. */
  readonly onProgress?: ((progress: { bytes: number; total?: number }) => void) | undefined;
  /** Time without a byte after which it fails, in ms. @default {30_000} */
  readonly stallMs?: number | undefined;
}

/**
 * Downloads a file into memory.
 *
 * @param url The file.
 * @param options How to tell about it.
 * @returns Its bytes, of which none is missing if the server told their number.
 * @throws {NativeInstallError} "unavailable", if it cannot be had.
 * @throws The signal's reason, if it was aborted.
 */
export async function download(
  url: URL,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { place, signal, onProgress, stallMs = STALL_MS } = options;
  const stalled = new AbortController();
  const stall = (): void => stalled.abort(new Error(`nothing came for ${stallMs / 1_000} s`));
  let timer = setTimeout(stall, stallMs);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([stalled.signal, ...signal ? [signal] : []]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the server answered ${response.status}`);
    }
    const length = response.headers.get("content-length");
    const total = length === null || response.headers.has("content-encoding")
      ? undefined
      : Number(length);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(stall, stallMs);
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
      onProgress?.({ bytes, ...(total !== undefined && { total }) });
    }
    return joined(chunks, bytes);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new NativeInstallError("unavailable", `Cannot download ${place}: ${why}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
