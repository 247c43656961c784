/**
 * The files that the calls of the permission tests name.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { stringify } from "smol-toml";
import { findNativeLibrary } from "../../lib/native/library.ts";
import { SIM_CONFIG, VALID_CONFIG } from "../connector/runner/support.ts";
import { removeIfPresent } from "../../lib/native/sources.ts";
import { nativeReady, simConnectorPath } from "../support/native_ready.ts";
import type { TempDirectory } from "../support/temp_directory.ts";
import { runCli } from "./run_cli.ts";

/** Flags of a market that needs nothing. */
export const STUB: readonly string[] = [
  ...["--stub", "--seed", "7", "--speed", "max", "--duration", "2", "--json"],
];

/** The grid of its recording. */
export const STEPS: readonly string[] = ["--tick-size", "0.1", "--lot-size", "0.001"];

const CONNECTORS = `[[connector]]
name = "bf"
type = "binancefutures"
config = "bf.toml"
`;

/** A file of a connector that runs here. */
function simConnectors(name: string): string {
  return stringify({
    connector: [{
      name,
      type: "binancefutures",
      config: "sim.toml",
      binary: simConnectorPath(),
      "validate_config": false,
    }],
  });
}

/**
 * Writes sim.toml and sims.toml, by which sim-connector runs.
 *
 * @param directory Where.
 * @param name What bots find it under.
 */
export async function prepareConnector(directory: TempDirectory, name: string): Promise<void> {
  await directory.write("sim.toml", SIM_CONFIG, { mode: 0o600 });
  await directory.write("sims.toml", simConnectors(name));
  await directory.write("bin/systemd-run", "#!/bin/sh\n", { mode: 0o755 });
}

/** Writes the files. */
export async function prepareScene(directory: TempDirectory): Promise<void> {
  await directory.write("bf.toml", VALID_CONFIG, { mode: 0o600 });
  await directory.write("connectors.toml", CONNECTORS);
  // It imports nothing: what a strategy imports has to be readable as well.
  await directory.write("idle.ts", "export default { onEvent() {} };\n");
  await Deno.mkdir(directory.file("hftbacktest/connector"), { recursive: true });
  await directory.write("hftbacktest/Cargo.toml", "");
  await directory.write("hftbacktest/connector/Cargo.toml", "");
  await Deno.mkdir(directory.file("bin"));
  await directory.write("bin/cargo", cargo(directory), { mode: 0o755 });
  await record(directory);
}

/** A cargo that has built everything already, as it says. */
function cargo(directory: TempDirectory): string {
  const artifacts = [{
    reason: "compiler-artifact",
    target: { name: "connector", kind: ["bin"] },
    filenames: [directory.file("hftbacktest/connector/Cargo.toml")],
    executable: directory.file("hftbacktest/connector/Cargo.toml"),
    fresh: true,
  }, {
    reason: "compiler-artifact",
    target: { name: "hftlive", kind: ["cdylib"] },
    filenames: nativeReady({ simConnector: false }) === undefined ? [findNativeLibrary()] : [],
    executable: null,
    fresh: true,
  }];
  const lines = artifacts.map((artifact) => `echo '${JSON.stringify(artifact)}'`);
  return ["#!/bin/sh", ...lines, ""].join("\n");
}

/** Makes btcusdt.gz and recorded.npz, recordings of the stub. */
async function record(directory: TempDirectory): Promise<void> {
  for (const [format, name] of [["gz", "btcusdt.gz"], ["npz", "recorded.npz"]] as const) {
    const path = directory.file(format);
    const { code, stderr } = await runCli(
      ["record", "--output", path, "--format", format, ...STUB, "--symbol", "btcusdt"],
      { permissions: ["-A"] },
    );
    assertEquals(code, 0, stderr);
    const [made] = await Array.fromAsync(Deno.readDir(path));
    await Deno.rename(`${path}/${made?.name}`, directory.file(name));
  }
}

/** Leaves parts/a.npz.part, and nothing else there: a recording under the name of one that is cut. */
export async function leaveBehind(directory: TempDirectory): Promise<void> {
  await removeIfPresent(directory.file("parts"));
  await Deno.mkdir(directory.file("parts"));
  await Deno.copyFile(directory.file("recorded.npz"), directory.file("parts/a.npz.part"));
}
