/**
 * Deno's own exporter sends what Prometheus is told.
 */

import { assert, assertEquals } from "@std/assert";
import { cliCommand } from "../cli/run_cli.ts";
import { samplesOf } from "./samples.ts";

interface Point {
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly stringValue: string };
  }[];
  readonly asDouble?: number;
  readonly asInt?: string;
}

interface Exported {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string };
      readonly metrics: readonly {
        readonly name: string;
        readonly sum?: { readonly dataPoints: readonly Point[]; readonly isMonotonic: boolean };
        readonly gauge?: { readonly dataPoints: readonly Point[] };
      }[];
    }[];
  }[];
}

/** What the program prints when it has counted all. */
const END = /^END$/m;

/** Ages and the like differ between two readings. */
const MOVES = /^hftlive_feed_age_seconds/;

Deno.test("OpenTelemetry is sent the samples that Prometheus reads", async () => {
  const exported = Promise.withResolvers<Exported>();
  let text = "";
  let messages = 0;
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const body = await request.text();
      if (new URL(request.url).pathname !== "/v1/metrics") return Response.json({});
      const message: Exported = JSON.parse(body);
      // The first of them may have been collected before the program had counted all.
      if (END.test(text) && scopesOf(message).length > 0 && ++messages === 2) {
        exported.resolve(message);
      }
      return Response.json({});
    },
  );
  const [program = "", ...args] = cliCommand([], {
    script: "tests/observe/open_telemetry_program.ts",
  });
  const child = new Deno.Command(program, {
    args,
    env: {
      OTEL_DENO: "true",
      OTEL_METRIC_EXPORT_INTERVAL: "100",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.addr.port}`,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reading = (async () => {
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) text += chunk;
    if (!END.test(text)) exported.reject(new Error(`The program ended early: ${text}`));
  })();
  const message = await exported.promise;
  await child.stdin.close();
  await Promise.all([child.status, reading]);

  const sent = new Set(
    scopesOf(message).flatMap(({ metrics }) =>
      metrics.flatMap(({ name, sum, gauge }) => {
        assert(sum === undefined || sum.isMonotonic, `${name} is a counter`);
        return [...sum?.dataPoints ?? [], ...gauge?.dataPoints ?? []].map((point) =>
          line(name, point)
        );
      })
    ),
  );
  const expected = samplesOf(text.replace(END, "")).map(normal);
  assert(expected.length > 50);
  assertEquals(expected.filter((each) => !MOVES.test(each) && !sent.has(each)), []);
});

function scopesOf({ resourceMetrics }: Exported) {
  return resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.filter(({ scope }) => scope.name === "hftlive")
  );
}

/** A data point as a line, its labels in order. */
function line(name: string, { attributes, asDouble, asInt }: Point): string {
  const labels = attributes.map(({ key, value }) => `${key}="${value.stringValue}"`).sort();
  return `${name}{${labels}} ${Number(asDouble ?? asInt)}`;
}

/** The same of a line of Prometheus' format. */
function normal(text: string): string {
  const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(text) ?? [];
  return `${name}{${labels.split(/,(?=\w+=")/).filter(Boolean).sort()}} ${Number(value)}`;
}
