/**
 * A compose file for connectors and a bot.
 *
 * @module
 */

import { checkNumber } from "../../model/check.ts";
import { checkEnvironment, checkPattern, checkText } from "./check.ts";

/** Options of {@linkcode composeFile}. */
export interface ComposeFileOptions {
  /**
   * Arguments of hftlive's command line.
   *
   * @default those of the image
   */
  readonly args?: readonly string[];
  /**
   * Name of the image, which the Dockerfile beside the file builds.
   *
   * @default {"hftlive-connector"}
   */
  readonly image?: string;
  /**
   * Directory of the configuration files on the host; relative ones start with "./".
   *
   * @default {"./config"}
   */
  readonly configDirectory?: string;
  /**
   * Where it is in the container.
   *
   * @default {"/etc/hftlive"}
   */
  readonly configTarget?: string;
  /** Files with secrets by name; the connectors find them in `/run/secrets/NAME`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Environment variables of the connectors; no secrets. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Shared memory for all channels, in bytes. A channel with the default buffer takes 1 GB or more.
   *
   * @default {2147483648}
   */
  readonly shmSizeBytes?: number;
  /**
   * How long the connectors have to stop before they are killed.
   *
   * @default {30000}
   */
  readonly stopTimeoutMs?: number;
  /**
   * Number of the user that the image runs everything as.
   *
   * @default {10001}
   */
  readonly uid?: number;
  /** A bot to run beside the connectors. */
  readonly bot?: ComposeBot;
}

/** A bot in a container of its own. */
export interface ComposeBot {
  /** Its image; its processes must run as the connectors' user. */
  readonly image: string;
  /**
   * What it runs.
   *
   * @default what the image says
   */
  readonly command?: readonly string[];
}

const IMAGE = { pattern: /^[\w][\w./:@-]*$/, expected: "the name of an image" };

/**
 * Writes a compose file: the connectors in one container, and a bot in another that shares their
 * memory, processes and channel files, without which it finds no connector.
 *
 * @param options What runs, and with how much memory.
 * @returns The text of a `compose.yaml`.
 * @throws {InvalidInputError} If an option cannot stand there, or would put a secret there.
 */
export function composeFile(options: ComposeFileOptions = {}): string {
  const {
    args,
    image = "hftlive-connector",
    configDirectory = "./config",
    configTarget = "/etc/hftlive",
    secrets = {},
    environment = {},
    shmSizeBytes = 2 * 1024 ** 3,
    stopTimeoutMs = 30_000,
    uid = 10_001,
    bot,
  } = options;
  const shmSize = checkNumber("shmSizeBytes", shmSizeBytes, { min: 2 ** 26, integer: true });
  const stopMs = checkNumber("stopTimeoutMs", stopTimeoutMs, { min: 1, integer: true });
  const owner = checkNumber("uid", uid, { min: 1, max: 65_533, integer: true });
  const secretFiles = Object.entries(secrets).map(([name, path]) => {
    const rule = { pattern: /^[A-Za-z0-9_.-]+$/, expected: "names of letters, digits and ._-" };
    return [checkPattern("secrets", name, rule), checkText(`secrets.${name}`, path)] as const;
  });
  const variables = checkEnvironment(environment);
  const lines = [
    "services:",
    "  connector:",
    "    build: .",
    `    image: ${text("image", checkPattern("image", image, IMAGE))}`,
    ...list("    command", "args", args),
    "    # A first process that passes signals on and reaps what is left of dead connectors.",
    "    init: true",
    "    restart: unless-stopped",
    "    stop_signal: SIGTERM",
    `    stop_grace_period: ${stopMs}ms`,
    "    # Channels are shared memory: Docker's 64 MB are too small for one.",
    `    shm_size: ${shmSize}`,
    "    ipc: shareable",
    "    read_only: true",
    "    cap_drop: [ALL]",
    '    security_opt: ["no-new-privileges:true"]',
    "    ulimits:",
    "      # A dump of the memory would hold the keys.",
    "      core: 0",
    "      nofile: 65536",
    "    tmpfs:",
    "      - /tmp",
    `      - "/run/hftlive:mode=0700,uid=${owner}"`,
    "    volumes:",
    "      - channels:/tmp/iceoryx2",
    "      - type: bind",
    `        source: ${text("configDirectory", configDirectory)}`,
    `        target: ${text("configTarget", configTarget)}`,
    "        read_only: true",
    ...variables.length === 0 ? [] : ["    environment:"],
    ...variables.map(([name, value]) => `      ${name}: ${scalar(value)}`),
    ...secretFiles.length === 0 ? [] : ["    secrets:"],
    ...secretFiles.map(([name]) => `      - ${scalar(name)}`),
    ...bot === undefined ? [] : botService(bot),
    "",
    "volumes:",
    "  # In memory, as the channels themselves: both must vanish together.",
    "  channels:",
    "    driver_opts:",
    "      type: tmpfs",
    "      device: tmpfs",
    `      o: "uid=${owner},mode=0700"`,
    ...secretFiles.length === 0 ? [] : ["", "secrets:"],
    ...secretFiles.flatMap(([name, path]) => [`  ${scalar(name)}:`, `    file: ${scalar(path)}`]),
    "",
  ];
  return lines.join("\n");
}

function botService({ image, command }: ComposeBot): string[] {
  return [
    "",
    "  bot:",
    `    image: ${text("bot.image", checkPattern("bot.image", image, IMAGE))}`,
    ...list("    command", "bot.command", command),
    "    init: true",
    "    restart: unless-stopped",
    "    # Without the connectors' memory, processes and channel files it would find no connector.",
    '    ipc: "service:connector"',
    '    pid: "service:connector"',
    "    volumes:",
    "      - channels:/tmp/iceoryx2",
    "    depends_on:",
    "      connector:",
    "        condition: service_started",
    "        restart: true",
  ];
}

function list(key: string, field: string, items: readonly string[] | undefined): string[] {
  if (items === undefined) return [];
  return [`${key}:`, ...items.map((item) => `      - ${item === "" ? '""' : text(field, item)}`)];
}

function text(field: string, value: string): string {
  return scalar(checkText(field, value));
}

/** A YAML string: JSON's are, and "$$" is compose's way to write a "$". */
function scalar(value: string): string {
  return JSON.stringify(value).replaceAll("$", "$$$$");
}
