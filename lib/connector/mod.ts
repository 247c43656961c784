/**
 * The connector: its configuration, source, output, deployment.
 *
 * @module
 */

export * from "./config/mod.ts";
export * from "./deploy/mod.ts";
export * from "./errors.ts";
export * from "./logs/mod.ts";
export * from "./project_root.ts";
export * from "./sd_notify.ts";
