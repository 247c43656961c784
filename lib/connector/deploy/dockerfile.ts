/**
 * A Dockerfile for connectors and bots.
 *
 * @module
 */

import { checkNumber } from "../../model/check.ts";
import { VERSION } from "../../version.ts";
import { InvalidInputError } from "../../model/errors.ts";
import { CONNECTOR_TYPES, type ConnectorType } from "../config/types.ts";
import { checkAbsolutePath, checkEnvironment, checkPattern } from "./check.ts";

/** Options of {@linkcode dockerfile}. */
export interface DockerfileOptions {
  /** Arguments of hftlive's command line. */
  readonly args: readonly string[];
  /** Commit, tag or branch of hftbacktest that the connector is built from. */
  readonly hftbacktestRef: string;
  /**
   * Exchanges that the connector is built for.
   *
   * @default all
   */
  readonly features?: readonly ConnectorType[];
  /** Environment variables; no secrets, since they stay in the image. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Directory of the configuration files in the container.
   *
   * @default {"/etc/hftlive"}
   */
  readonly configDirectory?: string;
  /**
   * Number of the user that runs everything; bots in other images must run as the same.
   *
   * @default {10001}
   */
  readonly uid?: number;
  /**
   * Version of hftlive.
   *
   * @default this one
   */
  readonly hftliveVersion?: string;
  /**
   * Version of Deno.
   *
   * @default {"2.9.6"}
   */
  readonly denoVersion?: string;
  /**
   * Version of Rust; hftbacktest needs 1.88 or newer.
   *
   * @default {"1.91"}
   */
  readonly rustVersion?: string;
}

const REF = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
  expected: "a commit, tag or branch of git",
};
const NUMBERS = { pattern: /^\d+(\.\d+)*(-[\w.]+)?$/, expected: 'a version such as "1.2.3"' };

/**
 * Writes a Dockerfile that builds the connector and hftlive's library, and runs hftlive's command
 * line as a user without rights.
 *
 * @param options What is built, and what runs.
 * @returns The text of a Dockerfile.
 * @throws {InvalidInputError} If an option cannot stand there, or would put a secret in the image.
 *
 * @example A Dockerfile
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { dockerfile } from "@hftlive/hftlive";
 *
 * const text = dockerfile({ args: ["connector", "start"], hftbacktestRef: "5f3ec40" });
 * assertStringIncludes(text, '\nCMD ["connector","start"]\n');
 * ```
 */
export function dockerfile(options: DockerfileOptions): string {
  const {
    args,
    hftbacktestRef,
    features = CONNECTOR_TYPES,
    environment = {},
    configDirectory = "/etc/hftlive",
    uid = 10_001,
    hftliveVersion = VERSION,
    denoVersion = "2.9.6",
    rustVersion = "1.91",
  } = options;
  if (features.length === 0 || features.some((feature) => !CONNECTOR_TYPES.includes(feature))) {
    throw new InvalidInputError("features", features, `some of ${CONNECTOR_TYPES.join(", ")}`);
  }
  const ref = checkPattern("hftbacktestRef", hftbacktestRef, REF);
  const deno = checkPattern("denoVersion", denoVersion, NUMBERS);
  const rust = checkPattern("rustVersion", rustVersion, NUMBERS);
  const cli = `jsr:@hftlive/hftlive@${checkPattern("hftliveVersion", hftliveVersion, NUMBERS)}/cli`;
  const owner = checkNumber("uid", uid, { min: 1, max: 65_533, integer: true });
  const config = checkAbsolutePath("configDirectory", configDirectory);
  const lines = [
    `FROM denoland/deno:bin-${deno} AS deno`,
    "",
    `FROM rust:${rust}-bookworm AS build`,
    "# The connector's iceoryx2 makes its bindings with libclang.",
    "RUN apt-get update \\",
    " && apt-get install --yes --no-install-recommends libclang-dev \\",
    " && rm -rf /var/lib/apt/lists/*",
    "RUN git clone https://github.com/nkaz001/hftbacktest.git /src \\",
    ` && git -C /src checkout --detach ${ref}`,
    "RUN cargo build --release --manifest-path /src/connector/Cargo.toml \\",
    `    --no-default-features --features ${features.join(",")}`,
    "COPY --from=deno /deno /usr/local/bin/deno",
    "ENV XDG_CACHE_HOME=/cache",
    `RUN deno run -A ${cli} native build \\`,
    ' && install -D "$(find /cache -name libhftlive.so -print -quit)" /out/libhftlive.so',
    "",
    `FROM denoland/deno:debian-${deno}`,
    "# Channels live in /tmp/iceoryx2; a volume mounted there gets this owner.",
    `RUN useradd --uid ${owner} --create-home hftlive \\`,
    " && install -d -o hftlive -g hftlive -m 0700 /tmp/iceoryx2 /run/hftlive",
    "COPY --from=build /src/target/release/connector /usr/local/bin/connector",
    "COPY --from=build /out/libhftlive.so /usr/local/lib/libhftlive.so",
    "ENV HFTLIVE_LIB=/usr/local/lib/libhftlive.so",
    "ENV XDG_RUNTIME_DIR=/run/hftlive",
    ...checkEnvironment(environment).map(([name, value]) => `ENV ${name}=${quote(value)}`),
    "ENV DENO_DIR=/home/hftlive/.deno",
    "USER hftlive",
    `WORKDIR ${quote(config)}`,
    `RUN deno cache ${cli}`,
    "STOPSIGNAL SIGTERM",
    "# What needs the signals of the container must be its first process, so no shell starts it.",
    `ENTRYPOINT ${execForm(["deno", "run", "--no-prompt", "-A", cli])}`,
    `CMD ${execForm(args)}`,
    "",
  ];
  return lines.join("\n");
}

/** A word between quotation marks, in which no variable is replaced. */
function quote(text: string): string {
  return `"${text.replace(/["\\$]/g, "\\$&")}"`;
}

/** Program and arguments as a JSON array, in which Docker replaces nothing. */
function execForm(args: readonly string[]): string {
  for (const arg of args) {
    if (/\p{Cc}/u.test(arg)) {
      throw new InvalidInputError("args", arg, "arguments without control characters");
    }
  }
  return JSON.stringify(args);
}
