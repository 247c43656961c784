/**
 * The environment of a connector's process.
 *
 * @module
 */

import { readVariable } from "../permissions.ts";

/** What a connector may need of its parent's environment. */
export const KEPT_VARIABLES: readonly string[] = [
  "HFTBACKTEST_CHANNEL_CONFIG",
  "HOME",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "PATH",
  "RUST_BACKTRACE",
  "SSL_CERT_DIR",
  "SSL_CERT_FILE",
  "TMPDIR",
  "https_proxy",
  "http_proxy",
  "no_proxy",
];

/** An environment as `Deno.Command` takes it. */
export interface ChildEnvironment {
  /** Variables to set. */
  readonly env: Record<string, string>;
  /** Whether the child gets no others. */
  readonly clearEnv: boolean;
}

/**
 * Makes a connector's environment.
 *
 * @param env Variables that its user wants it to have.
 * @param clearEnv Whether it gets only what it may need of this process's environment.
 * @returns The environment; what may not be read is left out of a cleared one.
 */
export function childEnvironment(
  env: Readonly<Record<string, string>>,
  clearEnv: boolean,
): ChildEnvironment {
  // Without it, tracing-subscriber prints errors only.
  const all: Record<string, string> = { ["RUST_LOG"]: readVariable("RUST_LOG") || "info" };
  for (const name of clearEnv ? KEPT_VARIABLES : []) {
    const value = readVariable(name);
    if (value !== undefined) all[name] = value;
  }
  return { env: { ...all, ...env }, clearEnv };
}
