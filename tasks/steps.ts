/**
 * Runs programs one after the other, adds up what their tests counted, and says so in the last line.
 *
 * @module
 */

import { addCounts, type Counts, stripColour, summary } from "./counts.ts";
import { Interruption } from "./interruption.ts";
import { endGroups } from "./process_groups.ts";

/** A program to run. */
export interface Step {
  /** What it does, as the report names it. */
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  /** Folder to run it in; the current one when left out. */
  readonly cwd?: string;
  /** Environment variables to add. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it cannot run without. */
  readonly needs?: readonly Tool[];
  /** Reads the counts in a line of its output; without it the step counts as one test. */
  readonly readLine?: (line: string) => Counts | undefined;
  /** Whether only the last counts are the step's: those before belong to runs inside a test. */
  readonly lastCounts?: boolean;
}

/** A program that a step needs and that may be missing. */
export interface Tool {
  /** Its name. */
  readonly name: string;
  /** A command that succeeds if it is there. */
  readonly probe: readonly [string, ...string[]];
  /** How to get it. */
  readonly advice: string;
}

/** What became of a step. */
interface Outcome extends Counts {
  readonly name: string;
  readonly note?: string;
  readonly seconds: number;
}

/** Exit code of a run that was interrupted, whatever signal did it. */
const INTERRUPTED = 130;

/** How long a program's output may stay open after its end. */
const CLOSING_MS = 5000;

/**
 * Runs steps in order, all of them even if one fails, with their output passed on. The last line
 * printed is the sum of their counts. An interrupt ends the running step, with every process that it
 * started, and the run.
 *
 * @param steps What to run.
 * @returns The exit code: 0 if nothing failed, 1 if something did, 130 if interrupted.
 */
export async function runSteps(steps: readonly Step[]): Promise<number> {
  using interruption = new Interruption();
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    const missing = await missingTool(step);
    if (interruption.came) break;
    if (missing) {
      outcomes.push(skip(step, missing));
      continue;
    }
    console.log(`\n== ${step.name}: ${step.command.join(" ")}`);
    outcomes.push(await runStep(step, interruption));
    if (interruption.came) break;
  }
  return report(outcomes, interruption.came);
}

function skip(step: Step, tool: Tool): Outcome {
  const note = `skipped: ${tool.name} is not installed; ${tool.advice}`;
  console.log(`\n== ${step.name}: ${note}`);
  return { name: step.name, note, passed: 0, failed: 0, skipped: 1, seconds: 0 };
}

async function runStep(step: Step, interruption: Interruption): Promise<Outcome> {
  const started = performance.now();
  const [program, ...args] = step.command;
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: step.readLine ? "piped" : "inherit",
    stderr: "inherit",
    // A group of its own, so that all of it can be ended.
    detached: true,
    env: { ...step.env, ...(Deno.stdout.isTerminal() ? { FORCE_COLOR: "1" } : {}) },
    ...(step.cwd === undefined ? {} : { cwd: step.cwd }),
  }).spawn();
  interruption.group = child.pid;
  const output = step.readLine ? new Output(child.stdout, step.readLine) : undefined;
  const { success, code, signal } = await ended(child, output);
  await interruption.ended;
  interruption.group = undefined;
  const isClosed = await output?.end() ?? true;

  const found = output?.counts ?? [{ passed: success ? 1 : 0, failed: 0, skipped: 0 }];
  const counts = addCounts(step.lastCounts ? found.slice(-1) : found);
  const note = signal
    ? `ended by ${signal}`
    : !success
    ? `exit code ${code}`
    : !isClosed
    ? "a process that it started still runs"
    : found.length === 0
    ? "no count of tests in its output"
    : undefined;
  // What goes wrong beside the tests is one more that failed.
  if (note !== undefined && counts.failed === 0) counts.failed = 1;
  return {
    name: step.name,
    ...counts,
    seconds: (performance.now() - started) / 1000,
    ...(note === undefined ? {} : { note }),
  };
}

/** Waits for a step's program. What it started ends too when its output cannot be passed on any more. */
async function ended(child: Deno.ChildProcess, output?: Output): Promise<Deno.CommandStatus> {
  if (output === undefined) return await child.status;
  try {
    return await Promise.race([child.status, output.failure]);
  } catch (error) {
    await endGroups(child.pid, "SIGTERM");
    throw error;
  }
}

/** Copies a program's output to standard output and gathers the counts in its lines. */
class Output {
  readonly counts: Counts[] = [];
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #readLine: (line: string) => Counts | undefined;
  readonly #done: Promise<void>;
  /** Rejects when standard output is closed; never settles otherwise. */
  readonly failure: Promise<never>;

  constructor(stream: ReadableStream<Uint8Array>, readLine: (line: string) => Counts | undefined) {
    this.#reader = stream.getReader();
    this.#readLine = readLine;
    this.#done = this.#copy();
    this.failure = new Promise((_, reject) => this.#done.catch(reject));
  }

  /** Waits for the rest; false if something that outlived the program keeps the output open. */
  async end(): Promise<boolean> {
    let isClosed = true;
    const patience = setTimeout(() => {
      isClosed = false;
      this.#reader.cancel();
    }, CLOSING_MS);
    await this.#done;
    clearTimeout(patience);
    return isClosed;
  }

  async #copy(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for (let part = await this.#reader.read(); !part.done; part = await this.#reader.read()) {
      for (let at = 0; at < part.value.length;) {
        at += await Deno.stdout.write(part.value.subarray(at));
      }
      const lines = (rest + decoder.decode(part.value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#read(line);
    }
    this.#read(rest);
  }

  #read(line: string): void {
    const counts = this.#readLine(stripColour(line));
    if (counts) this.counts.push(counts);
  }
}

function report(outcomes: readonly Outcome[], interrupted: boolean): number {
  console.log("\n== summary");
  for (const { name, note, seconds, ...counts } of outcomes) {
    const time = `${summary(counts)} (${seconds.toFixed(1)} s)`;
    if (counts.failed > 0) console.log(`${name}: FAILED, ${note ?? "tests failed"}, ${time}`);
    else console.log(`${name}: ${note ?? `ok, ${time}`}`);
  }
  if (interrupted) console.log("interrupted");
  const sum = addCounts(outcomes);
  console.log(summary(sum));
  return interrupted ? INTERRUPTED : sum.failed > 0 ? 1 : 0;
}

async function missingTool({ needs = [] }: Step): Promise<Tool | undefined> {
  for (const tool of needs) {
    const [program, ...args] = tool.probe;
    try {
      const { success } = await new Deno.Command(program, { args }).output();
      if (!success) return tool;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return tool;
      throw error;
    }
  }
  return undefined;
}
