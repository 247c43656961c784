/**
 * Fetching the secrets that a configuration keeps elsewhere. The connector reads only TOML, so
 * that it gets a file of its own with everything in it.
 *
 * @module
 */

import { dirname, isAbsolute, join } from "@std/path";
import { stringify } from "smol-toml";
import { MissingPermissionError } from "../../model/errors.ts";
import { type ConfigProblem, ConnectorConfigError } from "../errors.ts";
import { isGranted, requirePath } from "../../permissions.ts";
import { checkApiKey, checkSecretValue } from "./credentials.ts";
import { privateDirectory, PrivateFile } from "./private_file.ts";
import { toRaw } from "./schema.ts";
import { formatReference, Secret, type SecretReference, type SecretSource } from "./secret.ts";
import type { ValidatedConfig } from "./types.ts";

const MAX_SECRET_FILE_BYTES = 64 * 1024;

/** Options of {@linkcode resolveSecrets}. */
export interface ResolveOptions {
  /**
   * Directory of the file with the secrets; made with mode 0700 if it is not there.
   *
   * @default `$XDG_RUNTIME_DIR/hftlive`, else a directory of this user's under the temporary one
   */
  readonly directory?: string;
}

/** A configuration file that the connector can read, removed when it was made for that. */
export interface ResolvedConfig extends AsyncDisposable, Disposable {
  /** The file: the user's own, or a private one. */
  readonly path: string;
  /** Whether the file was made for the connector, and is removed when this is disposed of. */
  readonly isTemporary: boolean;
  /** The API key and the secret, for a redactor; none for market data only. */
  readonly secrets: readonly Secret[];
}

/** The API key and the secret of a configuration. */
export interface Credentials {
  /** The API key; undefined for market data only. */
  readonly apiKey: Secret | undefined;
  /** What signs requests; undefined for market data only. */
  readonly secret: Secret | undefined;
}

/**
 * Gives the connector a file with the secrets in it.
 *
 * When the configuration holds them itself, that is the user's own file. Otherwise it is a new file
 * of mode 0600, which is removed when the result is disposed of, when the process ends, or,
 * if the process is killed, at the next call.
 *
 * @param validated The configuration.
 * @param options Where a new file goes.
 * @returns The file, and the secrets in it.
 * @throws {ConnectorConfigError} If a secret is not there or cannot be used.
 * @throws {ConnectorRunnerError} If no private file can be written.
 * @throws {MissingPermissionError} If a variable, file or directory may not be used.
 */
export async function resolveSecrets(
  validated: ValidatedConfig,
  options: ResolveOptions = {},
): Promise<ResolvedConfig> {
  const { path, config } = validated;
  const { apiKey, secret } = await readSecrets(validated);
  const secrets = [apiKey, secret].filter((value) => value !== undefined);
  if (!isReference(config.apiKey) && !isReference(config.secret)) {
    return {
      path,
      isTemporary: false,
      secrets,
      [Symbol.dispose]: () => {},
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const raw = toRaw(config, { apiKey: apiKey?.reveal() ?? "", secret: secret?.reveal() ?? "" });
  const { directory = privateDirectory() } = options;
  const file = await PrivateFile.create(stringify(raw), { directory, name: "connector" });
  return {
    path: file.path,
    isTemporary: true,
    secrets,
    [Symbol.dispose]: () => file[Symbol.dispose](),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

/**
 * Fetches the secrets of a configuration, to prove that they are there.
 *
 * @param validated The configuration.
 * @returns The secrets.
 * @throws {ConnectorConfigError} If one is not there or cannot be used; lists all problems.
 * @throws {MissingPermissionError} If a variable or file may not be read.
 */
export async function readSecrets(validated: ValidatedConfig): Promise<Credentials> {
  const { path, config } = validated;
  const problems: ConfigProblem[] = [];
  const read = async (
    field: string,
    source: SecretSource | undefined,
    check: (value: string) => string | undefined,
  ): Promise<Secret | undefined> => {
    if (!isReference(source)) return source;
    const fetched = await fetchSecret(source, dirname(path));
    const problem = typeof fetched === "string" ? check(fetched) : fetched.problem;
    if (problem === undefined && typeof fetched === "string") return new Secret(fetched);
    const message = `${field} = "${formatReference(source)}": ${problem}`;
    problems.push({ file: path, field, message });
    return undefined;
  };
  const apiKey = await read("api_key", config.apiKey, checkApiKey);
  const secret = await read(
    "secret",
    config.secret,
    (value) => checkSecretValue(config.type, value),
  );
  const [first, ...others] = problems;
  if (first !== undefined) throw new ConnectorConfigError(path, [first, ...others]);
  return { apiKey, secret };
}

/** The value that a reference leads to, or why there is none. */
async function fetchSecret(
  reference: SecretReference,
  directory: string,
): Promise<string | { problem: string }> {
  const action = `Cannot read the secret ${formatReference(reference)}`;
  if (reference.from === "env") {
    const { name } = reference;
    if (!isGranted({ name: "env", variable: name })) {
      throw new MissingPermissionError(action, [`--allow-env=${name}`]);
    }
    return Deno.env.get(name)?.trim() ||
      { problem: "the environment variable is not set, or empty" };
  }
  const path = isAbsolute(reference.name) ? reference.name : join(directory, reference.name);
  requirePath(action, "read", path);
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) return { problem: `not a file: ${path}` };
    if (size > MAX_SECRET_FILE_BYTES) {
      return { problem: `the file is larger than ${MAX_SECRET_FILE_BYTES} bytes` };
    }
    return (await Deno.readTextFile(path)).trim() || { problem: "the file is empty" };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { problem: `no such file: ${path}` };
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function isReference(source: SecretSource | undefined): source is SecretReference {
  return source !== undefined && !(source instanceof Secret);
}
