/**
 * deploy/compose fits together: what it mounts, copies, runs, publishes and keeps secret. No engine
 * runs it here; compose_run_test.ts runs its command lines.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { composeFile, loadSupervisorSettings } from "@hftlive/hftlive";
import { parse } from "yaml";
import manifest from "../../deno.json" with { type: "json" };
import { loadCommand } from "../../lib/cli/command.ts";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { COMMON_FLAGS } from "../../lib/cli/common_flags.ts";
import { parseInstrument } from "../../lib/cli/instruments.ts";
import { findCommand, parseLine } from "../../lib/cli/parse.ts";
import { findPromtool, promtool } from "../observe/promtool.ts";
import { runDenow } from "../repo/run.ts";
import { inCheckout } from "../support/checkout.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import {
  COMPOSE,
  type ComposeYaml,
  type Instruction,
  readCompose,
  readStages,
  readYaml,
  type Service,
  serviceOf,
} from "./compose_files.ts";

const VARIANTS = ["simulated", "live"] as const;
const CONFIG_TARGET = "/etc/hftlive";

const { program: promtoolPath } = await findPromtool();
const composeMissing = await missingPlugin();
if (composeMissing) console.log(`docker compose does not check deploy/compose: ${composeMissing}`);

/** Runs a check on the compose file with each connector. */
function eachVariant(name: string, check: (compose: ComposeYaml) => void | Promise<void>): void {
  for (const variant of VARIANTS) {
    Deno.test(`compose, ${variant}: ${name}`, async () => await check(await readCompose(variant)));
  }
}

/** Our own services, whose commands are hftlive's. */
function ownServices({ services }: ComposeYaml): [string, Service][] {
  const own = Object.entries(services).filter(([, { image }]) => image === "hftlive");
  assertEquals(own.map(([name]) => name), ["connector", "bot", "monitor"]);
  return own;
}

/** A command line of ours, taken apart as cli.ts does; throws what cli.ts would tell. */
async function parseOurs(
  line: readonly string[],
): Promise<{ name: string; flags: Record<string, unknown> }> {
  const [set = "", script, ...argv] = line;
  assert(set.replace("-P=", "") in manifest.permissions, `no permission set ${set}`);
  assertEquals(script, "cli.ts");
  const { command: entry, rest } = findCommand(argv, COMMANDS);
  const command = await loadCommand(entry);
  const { flags, args } = parseLine(rest, { ...COMMON_FLAGS, ...command.flags });
  assertEquals(args, []);
  command.validate?.(flags, args);
  return { name: command.name, flags };
}

eachVariant("all that is mounted or built from is there", async ({ services, volumes = {} }) => {
  for (const [name, { volumes: mounts = [], build }] of Object.entries(services)) {
    for (const mount of mounts) {
      const [source = "", target = "", mode] = mount.split(":");
      assertMatch(target, /^\//, mount);
      if (/^[a-z]+$/.test(source)) {
        assert(source in volumes, `${name}: no volume ${source}`);
      } else {
        await Deno.stat(`${COMPOSE}/${source}`);
        assertEquals(mode, "ro", `${name} may change ${source}`);
      }
    }
    if (build === undefined) continue;
    const context = await Deno.realPath(`${COMPOSE}/${build.context}`);
    assertEquals(context, await Deno.realPath(inCheckout("")));
    await Deno.stat(`${context}/${build.dockerfile}`);
    assert((await readStages()).has(build.target), build.target);
  }
});

eachVariant("every command line is one of hftlive's", async (compose) => {
  const lines = ownServices(compose).map(([, { command = [] }]) => parseOurs(command));
  const names = (await Promise.all(lines)).map(({ name }) => name);
  assertEquals(names, ["connector up", "trade", "dashboard"]);
  const { test } = serviceOf(compose, "connector").healthcheck!;
  assertEquals(test.slice(0, 5), ["CMD", "deno", "run", "--no-prompt", "--cached-only"]);
  assertEquals((await parseOurs(test.slice(5))).name, "connector status");
});

eachVariant(
  "files, sockets, instruments and ports are the same wherever they stand",
  async (compose) => {
    const { flags: up } = await parseOurs(serviceOf(compose, "connector").command!);
    const file = String(up.file).replace(CONFIG_TARGET, `${COMPOSE}/config`);
    const { connectors: [connector], controlSocket } = await loadSupervisorSettings(file);
    assert(connector?.ready.symbol !== undefined && connector.watchdog !== undefined);

    const { flags: status } = await parseOurs(
      serviceOf(compose, "connector").healthcheck!.test.slice(5),
    );
    const { flags: monitor } = await parseOurs(serviceOf(compose, "monitor").command!);
    assertEquals([status.socket, monitor.socket], [controlSocket, controlSocket]);
    for (const name of ["connector", "monitor"]) {
      assert(serviceOf(compose, name).volumes?.includes("control:/run/control"));
    }

    const { flags: trade } = await parseOurs(serviceOf(compose, "bot").command!);
    const [instrument] = trade.instrument as string[];
    assertEquals(parseInstrument(instrument ?? ""), {
      connector: connector.name,
      ...connector.ready.symbol,
    });
    const mounted = serviceOf(compose, "bot").volumes?.map((mount) => mount.split(":")[1]);
    assert(mounted?.includes(String(trade.strategy)), "the strategy is mounted");

    const { scrape_configs: [scrape] } = await readYaml<
      { scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[] }
    >("prometheus.yml");
    assertEquals(scrape?.job_name, "hftlive", "as the alerts have it");
    assertEquals(
      scrape?.static_configs.flatMap(({ targets }) => targets),
      [`127.0.0.1:${trade.dashboard}`, `127.0.0.1:${monitor.port}`],
    );
    const { datasources: [source] } = await readYaml<
      { datasources: { type: string; url: string }[] }
    >("grafana/datasources/prometheus.yml");
    assertEquals([source?.type, source?.url], ["prometheus", "http://127.0.0.1:9090"]);
    const { providers: [provider] } = await readYaml<
      { providers: { options: { path: string } }[] }
    >("grafana/dashboards/hftlive.yml");
    const grafana = serviceOf(compose, "grafana");
    const dashboard = `${provider?.options.path}/hftlive.json`;
    assert(grafana.volumes?.includes(`../grafana/hftlive.json:${dashboard}:ro`));
    assertEquals(grafana.environment?.["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"], dashboard);
  },
);

eachVariant("the connector's program is put where its settings name it", async (compose) => {
  const { command = [], build } = serviceOf(compose, "connector");
  const { flags } = await parseOurs(command);
  const { connectors } = await loadSupervisorSettings(
    String(flags.file).replace(CONFIG_TARGET, `${COMPOSE}/config`),
  );
  const stages = await readStages();
  const installed = instructionsOf(stages, build!.target).flatMap(({ name, text }) => {
    const [, path, directory] = /^--from=\S+ (\S+) (\S+\/)$/.exec(text) ?? [];
    return name === "COPY" && path ? [`${directory}${path.split("/").at(-1)}`] : [];
  });
  for (const { binaryPath } of connectors) assert(installed.includes(binaryPath!), binaryPath);
  const env = instructionsOf(stages, build!.target).filter(({ name }) => name === "ENV");
  const library = env.find(({ text }) => text.startsWith("HFTLIVE_LIB="))?.text.split("=")[1];
  assert(installed.includes(library!), library);
});

eachVariant("a bot shares what a generated compose file has it share", (compose) => {
  const generated: ComposeYaml = parse(composeFile({ bot: { image: "bot" } }));
  const { init, ipc, ulimits, volumes, ...rest } = serviceOf(generated, "connector");
  const connector = serviceOf(compose, "connector");
  const bot = serviceOf(compose, "bot");
  assertEquals([connector.init, connector.ipc, connector.ulimits], [init, ipc, ulimits]);
  for (const key of ["read_only", "cap_drop", "security_opt"] as const) {
    assertEquals(connector[key], rest[key], key);
  }
  assertEquals([connector["shm_size"], rest["shm_size"]], ["2gb", 2 * 1024 ** 3]);
  const { ipc: botIpc, pid: botPid } = serviceOf(generated, "bot");
  assertEquals([bot.ipc, bot.pid], [botIpc, botPid]);
  for (const service of [connector, bot]) {
    assert(service.volumes?.includes(String(volumes?.[0])), "the channels' files");
  }
  assertEquals(compose.volumes?.channels, generated.volumes?.channels);
});

eachVariant("published ports are on loopback, and on the owner of the network", ({ services }) => {
  for (const [name, service] of Object.entries(services)) {
    if (name === "connector") {
      assertEquals(service.ports, ["127.0.0.1:3000:3000", "127.0.0.1:9090:9090"]);
      assertEquals(service["network_mode"], undefined);
    } else {
      assertEquals(service.ports, undefined, name);
      assertEquals(service["network_mode"], "service:connector", name);
      assertEquals(Object.keys(service["depends_on"] ?? {}), ["connector"], name);
    }
  }
});

eachVariant("nobody is root, nobody has a right too many", async (compose) => {
  const stages = await readStages();
  for (const [name, service] of Object.entries(compose.services)) {
    assertEquals(service["read_only"], true, name);
    assertEquals(service["cap_drop"], ["ALL"], name);
    assertEquals(service["security_opt"], ["no-new-privileges:true"], name);
    assertEquals(service.privileged, undefined, name);
    if (service.image === "hftlive") assertEquals(service.user, undefined, name);
    else assertMatch(service.user ?? "", /^[1-9]\d*:\d+$/, name);
  }
  for (const target of VARIANTS) {
    const users = instructionsOf(stages, target).filter(({ name }) => name === "USER");
    assertEquals(users.map(({ text }) => text), ["hftlive"], target);
  }
});

Deno.test("compose: keys are files that git ignores, and stand nowhere else", async () => {
  const { services, secrets = {} } = await readCompose("live");
  assertEquals(await Deno.readTextFile(`${COMPOSE}/.gitignore`), "secrets/\n");
  for (const [name, { file }] of Object.entries(secrets)) {
    assertEquals(file, `./secrets/${name}`);
  }
  assertEquals(services.connector?.secrets, Object.keys(secrets));
  const config = await Deno.readTextFile(`${COMPOSE}/config/binancefutures.toml`);
  const values = [...config.matchAll(/^(?:api_key|secret) = "(.*)"$/gm)].map(([, value]) => value);
  assertEquals(values, Object.keys(secrets).map((name) => `file:/run/secrets/${name}`));
  for (const { environment = {} } of Object.values(services)) {
    for (const name of Object.keys(environment)) {
      assert(!/KEY|SECRET|TOKEN|PASSWORD/.test(name), name);
    }
  }
});

Deno.test("the images are built from files that are there, and from versions", async () => {
  const ignored = (await Deno.readTextFile(`${COMPOSE}/Dockerfile.dockerignore`)).split("\n");
  const stages = await readStages();
  for (const instruction of [...stages.values()].flat()) {
    const { name, text } = instruction;
    if (name === "FROM") {
      const [image = ""] = text.split(" AS ");
      assert(stages.has(image) || /:.*\d/.test(image), `${image} has no version`);
    }
    if (name !== "COPY") continue;
    const [, stage] = /^--from=(\S+) /.exec(text) ?? [];
    if (stage !== undefined) {
      assert(stages.has(stage), text);
      continue;
    }
    for (const source of text.split(" ").slice(0, -1)) {
      await Deno.stat(inCheckout(source));
      assert(ignored.includes(`!${source}`), `${source} is kept out of the build`);
    }
  }
  assertEquals(ignored.filter((line) => line && !/^[#!]/.test(line)), ["*", "native/target"]);
  const { services } = await readCompose("simulated");
  for (const { image = "" } of Object.values(services)) {
    assert(image === "hftlive" || /:v?\d+\.\d+\.\d+$/.test(image), image);
  }
});

Deno.test("the image has every module that cli.ts and a strategy load", async () => {
  const copied = [...(await readStages()).values()].flat()
    .filter(({ name, text }) => name === "COPY" && !text.startsWith("--from="))
    .flatMap(({ text }) => text.split(" ").slice(0, -1));
  const root = new URL(`file://${inCheckout("")}`).href;
  for (const entry of ["cli.ts", "mod.ts"]) {
    const { code, stdout, stderr } = await runDenow(["info", "--json", entry]);
    assertEquals(code, 0, stderr);
    const { modules }: { modules: { specifier: string }[] } = JSON.parse(stdout);
    const ours = modules.map(({ specifier }) => specifier)
      .filter((specifier) => specifier.startsWith(root))
      .map((specifier) => specifier.slice(root.length))
      // Where JSR is out of reach, its packages are stand-ins in the checkout.
      .filter((path) => !path.startsWith("offline/"));
    assert(ours.length > 100);
    for (const path of ours) {
      assert(copied.some((source) => path === source || path.startsWith(`${source}/`)), path);
    }
  }
});

Deno.test({
  name: "promtool takes Prometheus' file with the alerts beside it",
  ignore: promtoolPath === undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    for (const [source, name] of PROMETHEUS_FILES) {
      await Deno.copyFile(`${COMPOSE}/${source}`, directory.file(name));
    }
    const { code, output } = await promtool(promtoolPath!, [
      ...["check", "config", directory.file("prometheus.yml")],
    ]);
    assertEquals(code, 0, output);
    assertMatch(output, /SUCCESS/);
    const { services } = await readCompose("simulated");
    for (const [source, name] of PROMETHEUS_FILES) {
      const mount = `${source}:/etc/prometheus/${name}:ro`;
      assert(services.prometheus?.volumes?.includes(mount), mount);
    }
  },
});

Deno.test({
  name: "docker compose takes the files",
  ignore: composeMissing !== undefined,
  async fn() {
    for (const files of [["compose.yaml"], ["compose.yaml", "compose.live.yaml"]]) {
      const { code, stderr } = await new Deno.Command("docker", {
        args: ["compose", ...files.flatMap((file) => ["-f", file]), "config", "--quiet"],
        cwd: COMPOSE,
        stdout: "null",
        stderr: "piped",
      }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
    }
  },
});

const PROMETHEUS_FILES = [
  ["./prometheus.yml", "prometheus.yml"],
  ["../prometheus/hftlive_alerts.yml", "hftlive_alerts.yml"],
] as const;

/** What a stage's image is made by, those of the stages that it is built on first. */
function instructionsOf(
  stages: ReadonlyMap<string, readonly Instruction[]>,
  target: string,
): Instruction[] {
  const own = stages.get(target) ?? [];
  const base = own[0]?.text.split(" AS ")[0] ?? "";
  return stages.has(base) ? [...instructionsOf(stages, base), ...own] : [...own];
}

/** Why docker's plugin cannot be asked; it needs no engine to read files. */
async function missingPlugin(): Promise<string | undefined> {
  try {
    const { success } = await new Deno.Command("docker", {
      args: ["compose", "version"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success ? undefined : "the plugin is not installed";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "docker is not installed";
    throw error;
  }
}
