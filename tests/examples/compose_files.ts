/**
 * The files of deploy/compose, as their programs read them.
 *
 * @module
 */

import { assert } from "@std/assert";
import { parse } from "yaml";
import { inCheckout } from "../support/checkout.ts";

/** The directory, without a slash at its end. */
export const COMPOSE: string = inCheckout("deploy/compose");

/** What these tests look at of a service. */
export interface Service {
  readonly image?: string;
  readonly build?: {
    readonly context?: string;
    readonly dockerfile?: string;
    readonly target: string;
  };
  readonly command?: readonly string[];
  readonly user?: string;
  readonly init?: boolean;
  readonly ipc?: string;
  readonly pid?: string;
  readonly "network_mode"?: string;
  readonly "shm_size"?: string | number;
  readonly "read_only"?: boolean;
  readonly "cap_drop"?: readonly string[];
  readonly "security_opt"?: readonly string[];
  readonly ulimits?: unknown;
  readonly privileged?: boolean;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly "depends_on"?: Readonly<Record<string, unknown>>;
}

/** What these tests look at of a compose file. */
export interface ComposeYaml {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: Readonly<Record<string, { readonly driver_opts: unknown } | null>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

/** An instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** Reads a YAML file of the directory. */
export async function readYaml<T>(name: string): Promise<T> {
  return parse(await Deno.readTextFile(`${COMPOSE}/${name}`), { merge: true });
}

/** The compose file, alone or with the one that goes live over it. */
export async function readCompose(variant: "simulated" | "live"): Promise<ComposeYaml> {
  const base = await readYaml<ComposeYaml>("compose.yaml");
  if (variant === "simulated") return base;
  const over = await readYaml<ComposeYaml>("compose.live.yaml");
  const services = Object.entries(base.services).map(([name, service]) => {
    const { build, ...more } = over.services[name] ?? {};
    const merged = { ...service, ...more };
    return [name, build ? { ...merged, build: { ...service.build, ...build } } : merged];
  });
  for (const name of Object.keys(over.services)) assert(name in base.services, name);
  return { ...base, ...over, services: Object.fromEntries(services) };
}

/** A service that has to be there. */
export function serviceOf({ services }: ComposeYaml, name: string): Service {
  const service = services[name];
  assert(service !== undefined, `no service ${name}`);
  return service;
}

/** The stages of the Dockerfile by name, each with its instructions; arguments are filled in. */
export async function readStages(): Promise<Map<string, readonly Instruction[]>> {
  const text = await Deno.readTextFile(`${COMPOSE}/Dockerfile`);
  const lines = text.replace(/^#.*\n/gm, "").replace(/\\\n/g, " ").split("\n").filter(Boolean);
  const values = new Map<string, string>();
  const stages = new Map<string, Instruction[]>();
  let current: Instruction[] = [];
  for (const line of lines) {
    const [, name = "", rest = ""] = /^([A-Z]+) +(\S.*)$/.exec(line) ?? [];
    assert(name !== "", `not an instruction: ${line}`);
    const filled = rest.replaceAll(/\$\{(\w+)\}/g, (_, key: string) => values.get(key) ?? "?");
    if (name === "ARG") values.set(...splitArgument(filled));
    if (name === "FROM") stages.set(filled.split(" AS ")[1] ?? "", current = []);
    current.push({ name, text: filled });
  }
  return stages;
}

function splitArgument(text: string): [string, string] {
  const [name = "", value = ""] = text.split("=");
  return [name, value];
}
