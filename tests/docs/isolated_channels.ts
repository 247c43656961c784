/**
 * Shared memory of its own for the connectors and bots of one page. The names that pages use for connectors
 * may be those of connectors that run on this machine, and to register at one with keys cancels orders.
 *
 * @module
 */

import type { TomlTable } from "smol-toml";

const SHARED_MEMORY = "/dev/shm";

/**
 * The configuration that iceoryx2 reads as `config/iceoryx2.toml` in the working directory: its own defaults,
 * which it does not fill in, with another place and other names.
 *
 * @param root The directory for its files.
 * @param prefix The start of the names of its shared memory.
 */
export function isolatedChannels(root: string, prefix: string): TomlTable {
  return {
    global: {
      "root-path-unix": `${root}/`,
      "root-path-windows": "c:\\Temp\\iceoryx2\\",
      prefix,
      service: {
        directory: "services",
        "data-segment-suffix": ".data",
        "static-config-storage-suffix": ".service",
        "dynamic-config-storage-suffix": ".dynamic",
        "creation-timeout": { secs: 0, nanos: 500_000_000 },
        "connection-suffix": ".connection",
        "event-connection-suffix": ".event",
      },
      node: {
        directory: "nodes",
        "monitor-suffix": ".node_monitor",
        "static-config-suffix": ".details",
        "service-tag-suffix": ".service_tag",
        "cleanup-dead-nodes-on-creation": true,
        "cleanup-dead-nodes-on-destruction": true,
      },
    },
    defaults: {
      "publish-subscribe": {
        "max-subscribers": 8,
        "max-publishers": 2,
        "max-nodes": 20,
        "subscriber-max-buffer-size": 2,
        "subscriber-max-borrowed-samples": 2,
        "publisher-max-loaned-samples": 2,
        "publisher-history-size": 0,
        "enable-safe-overflow": true,
        "unable-to-deliver-strategy": "Block",
        "subscriber-expired-connection-buffer": 128,
      },
      event: {
        "max-listeners": 16,
        "max-notifiers": 16,
        "max-nodes": 36,
        "event-id-max-value": 4_294_967_295,
      },
      "request-response": {
        "enable-safe-overflow-for-requests": true,
        "enable-safe-overflow-for-responses": true,
        "max-active-requests-per-client": 4,
        "max-response-buffer-size": 2,
        "max-servers": 2,
        "max-clients": 8,
        "max-nodes": 20,
        "max-borrowed-responses-per-pending-response": 2,
        "max-loaned-requests": 2,
        "server-max-loaned-responses-per-request": 2,
        "client-unable-to-deliver-strategy": "Block",
        "client-expired-connection-buffer": 128,
        "enable-fire-and-forget-requests": true,
        "server-unable-to-deliver-strategy": "Block",
        "server-expired-connection-buffer": 128,
      },
    },
  };
}

/** Removes what killed processes have left in shared memory. */
export async function removeSegments(prefix: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(SHARED_MEMORY)) {
      if (name.startsWith(prefix)) await Deno.remove(`${SHARED_MEMORY}/${name}`);
    }
  } catch (error) {
    // Some systems have no such directory.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
