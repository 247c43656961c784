/**
 * Several connectors and one bot on all of them: a supervisor starts what a file lists, keeps it
 * running, and restarts what dies; meanwhile examples/pairs.ts trades the spread between the first
 * two. Kill a connector (its process id is printed), and see the pair pause until it is back.
 *
 *     deno run -A examples/several_connectors.ts examples/connectors/simulated.toml
 *
 * Ctrl+C ends it: orders are cancelled, the bot is closed, the connectors stop.
 *
 * @module
 */

import {
  describeState,
  HftliveError,
  loadSupervisorSettings,
  NativeBot,
  runStrategy,
  Supervisor,
} from "@hftlive/hftlive";
import pairs from "./pairs.ts";

const stop = new AbortController();
Deno.addSignalListener("SIGINT", () => stop.abort());
Deno.addSignalListener("SIGTERM", () => stop.abort());

try {
  const settings = await loadSupervisorSettings(Deno.args[0] ?? "connectors.toml");
  await using supervisor = await Supervisor.create(settings);
  supervisor.addEventListener("statechange", ({ detail: { connector, state } }) => {
    const { pid } = supervisor.status(connector).connectors[0]!;
    const who = pid === null ? connector : `${connector} (process ${pid})`;
    console.log(`${who} is ${describeState(state)}`);
  });
  supervisor.start();
  await supervisor.settled({ signal: stop.signal });

  // The symbol that proves a connector ready is the one to trade, on the grid that the file gives.
  const instruments = settings.connectors.flatMap(({ name, ready: { symbol } }) =>
    symbol === undefined ? [] : [{ connector: name, ...symbol }]
  );
  const { report, error } = await runStrategy(new NativeBot({ instruments }), pairs, {
    signal: stop.signal,
    onLog: (text) => console.log(`pairs: ${text}`),
    onNotice: (text) => console.log(text),
  });
  for (const { connector, symbol, orders, fills, position } of report.instruments) {
    console.log(
      `${connector} ${symbol}: ${orders.submitted} orders, ${fills.count} fills, position ${position}`,
    );
  }
  if (error !== undefined) throw error;
} catch (error) {
  if (error instanceof HftliveError) {
    console.error(`several_connectors: ${error.message}`);
    Deno.exitCode = 1;
  } else if (error !== stop.signal.reason) {
    throw error;
  }
}
