import { assert, assertEquals, assertThrows } from "@std/assert";
// deno-lint-ignore no-import-prefix -- the tests alone need a YAML parser
import { parse } from "npm:yaml@2.9.1";
import { InvalidInputError } from "@hftlive/hftlive";
import {
  composeFile,
  type ComposeFileOptions,
  dockerfile,
  type DockerfileOptions,
} from "../../lib/connector/mod.ts";
import manifest from "../../deno.json" with { type: "json" };

const MINIMAL: DockerfileOptions = { args: ["connector", "status"], hftbacktestRef: "5f3ec40" };

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The instructions of a Dockerfile, with their continued lines joined. */
function instructions(text: string): Instruction[] {
  return text.replace(/^#.*\n/gm, "").replace(/\\\n/g, " ").split("\n").filter((line) => line)
    .map((line) => {
      const match = /^([A-Z]+) +(\S.*)$/.exec(line);
      assert(match, `not an instruction: ${line}`);
      return { name: match[1] ?? "", text: match[2] ?? "" };
    });
}

function valuesOf(list: readonly Instruction[], name: string): string[] {
  return list.filter((instruction) => instruction.name === name).map(({ text }) => text);
}

Deno.test("dockerfile: its structure", () => {
  const list = instructions(dockerfile(MINIMAL));
  const known = [
    "FROM",
    "RUN",
    "COPY",
    "ENV",
    "USER",
    "WORKDIR",
    "STOPSIGNAL",
    "ENTRYPOINT",
    "CMD",
  ];
  for (const { name } of list) assert(known.includes(name), name);
  const stages = valuesOf(list, "FROM").map((text) => text.split(" AS "));
  assertEquals(stages.map(([, name]) => name), ["deno", "build", undefined]);
  for (const [image] of stages) assert(/:.*\d/.test(image ?? ""), `${image} is of no version`);
  for (const text of valuesOf(list, "COPY")) {
    const [from] = /(?<=^--from=)\S+/.exec(text) ?? [];
    assert(stages.some(([, name]) => name === from), text);
  }

  const last = list.slice(list.findLastIndex(({ name }) => name === "FROM"));
  assertEquals(valuesOf(last, "USER"), ["hftlive"]);
  assertEquals(valuesOf(last, "STOPSIGNAL"), ["SIGTERM"]);
  const entry: string[] = JSON.parse(valuesOf(last, "ENTRYPOINT")[0]!);
  assertEquals(entry[0], "deno");
  assertEquals(entry.at(-1), `jsr:@hftlive/hftlive@${manifest.version}/cli`);
  assertEquals(JSON.parse(valuesOf(last, "CMD")[0]!), ["connector", "status"]);
  assert(valuesOf(list, "RUN").some((text) => text.includes("checkout --detach 5f3ec40")));
  assert(
    valuesOf(list, "RUN").some((text) =>
      text.includes("--no-default-features --features binancefutures,binancespot,bybit")
    ),
  );
});

Deno.test("dockerfile: awkward values stay what they are", () => {
  const args = ["a b", 'q"q', "$HOME", "\\", "é", ""];
  const list = instructions(dockerfile({
    ...MINIMAL,
    args,
    features: ["bybit"],
    environment: { RUST_LOG: "info", NOTE: 'a "b" $HOME ${X} \\' },
    configDirectory: "/etc/hft $live",
  }));
  assertEquals(JSON.parse(valuesOf(list, "CMD")[0]!), args);
  const variables = valuesOf(list, "ENV");
  assert(variables.includes('RUST_LOG="info"'));
  assert(variables.includes(String.raw`NOTE="a \"b\" \$HOME \${X} \\"`), variables.join());
  assertEquals(valuesOf(list, "WORKDIR"), [String.raw`"/etc/hft \$live"`]);
});

Deno.test("dockerfile: what cannot stand in one is refused", () => {
  const cases: [Partial<DockerfileOptions>, string][] = [
    [{ args: ["a\nRUN evil"] }, "args"],
    [{ hftbacktestRef: "" }, "hftbacktestRef"],
    [{ hftbacktestRef: "main; evil" }, "hftbacktestRef"],
    [{ hftbacktestRef: "--upload-pack=evil" }, "hftbacktestRef"],
    [{ features: [] }, "features"],
    [{ environment: { API_KEY: "x" } }, "environment"],
    [{ environment: { A: "x\nRUN evil" } }, "environment.A"],
    [{ configDirectory: "etc" }, "configDirectory"],
    [{ configDirectory: "/etc\n" }, "configDirectory"],
    [{ uid: 0 }, "uid"],
    [{ denoVersion: "latest" }, "denoVersion"],
    [{ rustVersion: "1.91 evil" }, "rustVersion"],
    [{ hftliveVersion: "" }, "hftliveVersion"],
  ];
  for (const [changes, field] of cases) {
    const error = assertThrows(() => dockerfile({ ...MINIMAL, ...changes }), InvalidInputError);
    assertEquals(error.field, field);
  }
});

Deno.test("compose file: connectors alone", () => {
  const { services, volumes, secrets } = parse(composeFile());
  assertEquals(Object.keys(services), ["connector"]);
  const { connector } = services;
  assertEquals(connector.ipc, "shareable");
  assertEquals(connector.shm_size, 2 ** 31);
  assertEquals(connector.stop_grace_period, "30000ms");
  assertEquals(connector.stop_signal, "SIGTERM");
  assertEquals(connector.init, true);
  assertEquals(connector.ulimits, { core: 0, nofile: 65536 });
  assertEquals(connector.read_only, true);
  assertEquals(connector.volumes, ["channels:/tmp/iceoryx2", {
    type: "bind",
    source: "./config",
    target: "/etc/hftlive",
    read_only: true,
  }]);
  assertEquals([connector.command, connector.environment, secrets], [
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals(volumes.channels.driver_opts.type, "tmpfs");
});

Deno.test("compose file: a bot shares memory, processes and channel files", () => {
  const { services } = parse(
    composeFile({ bot: { image: "my/bot:1.2", command: ["run", "x y"] } }),
  );
  assertEquals(services.bot, {
    image: "my/bot:1.2",
    command: ["run", "x y"],
    init: true,
    restart: "unless-stopped",
    ipc: "service:connector",
    pid: "service:connector",
    volumes: ["channels:/tmp/iceoryx2"],
    depends_on: { connector: { condition: "service_started", restart: true } },
  });
});

Deno.test("compose file: awkward values stay what they are", () => {
  const args = ["yes", "1", "a: b", "# x", 'q"q', "$HOME", "${X}", "\\n", "é", "", "- y", "{a"];
  const { services, secrets } = parse(composeFile({
    args,
    configDirectory: "./con fig: #1",
    secrets: { "binance.pem": "./keys/a b: c" },
    environment: { RUST_LOG: "info", YES: "yes", NOTE: "$5: #", EMPTY: "" },
    bot: { image: "bot", command: args },
  }));
  // "$$" is how compose reads a "$".
  const read = (text: string): string => text.replaceAll("$$", "$");
  assertEquals(services.connector.command.map(read), args);
  assertEquals(services.bot.command.map(read), args);
  assert(services.connector.command.every((arg: string) => !/\$/.test(arg.replaceAll("$$", ""))));
  assertEquals(services.connector.volumes[1].source, "./con fig: #1");
  assertEquals(services.connector.environment, {
    RUST_LOG: "info",
    YES: "yes",
    NOTE: "$$5: #",
    EMPTY: "",
  });
  assertEquals(services.connector.secrets, ["binance.pem"]);
  assertEquals(secrets, { "binance.pem": { file: "./keys/a b: c" } });
});

Deno.test("compose file: what cannot stand in one is refused", () => {
  const cases: [ComposeFileOptions, string][] = [
    [{ args: ["a\nb"] }, "args"],
    [{ image: "a b" }, "image"],
    [{ configDirectory: "" }, "configDirectory"],
    [{ configDirectory: "./a\nb" }, "configDirectory"],
    [{ secrets: { "a b": "x" } }, "secrets"],
    [{ secrets: { a: "" } }, "secrets.a"],
    [{ environment: { SECRET: "x" } }, "environment"],
    [{ shmSizeBytes: 1024 }, "shmSizeBytes"],
    [{ stopTimeoutMs: 0 }, "stopTimeoutMs"],
    [{ uid: 0 }, "uid"],
    [{ bot: { image: "" } }, "bot.image"],
    [{ bot: { image: "x", command: ["\0"] } }, "bot.command"],
  ];
  for (const [options, field] of cases) {
    const error = assertThrows(() => composeFile(options), InvalidInputError);
    assertEquals(error.field, field);
  }
});
