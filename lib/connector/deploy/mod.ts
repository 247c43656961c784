/**
 * Files that deploy connectors: a systemd unit, a Dockerfile, a compose file.
 *
 * @module
 */

export { systemdUnit, type SystemdUnitOptions } from "./systemd_unit.ts";
export { dockerfile, type DockerfileOptions } from "./dockerfile.ts";
export { type ComposeBot, composeFile, type ComposeFileOptions } from "./compose_file.ts";
