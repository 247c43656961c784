/**
 * Runs programs, side by side where they may, adds up what their tests counted, and says so in the
 * last line.
 *
 * @module
 */

import { addCounts, type Counts, summary } from "./counts.ts";
import { Interruption } from "./interruption.ts";
import { OrderedOutput } from "./ordered_output.ts";
import { ProgramOutput } from "./program_output.ts";

/** A program to run. */
export interface Step {
  /** What it does, as the report names it; no other step has the same name. */
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  /** Folder to run it in; the current one when left out. */
  readonly cwd?: string;
  /** Environment variables to add. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it cannot run without. */
  readonly needs?: readonly Tool[];
  /** Names of earlier steps that must have ended, well or not, before it begins. */
  readonly after?: readonly string[];
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
  /** The end of its output, if it failed: all before it may be far away, or cut off. */
  readonly lastLines?: readonly string[];
}

/** Exit code of a run that was interrupted, whatever signal did it. */
const INTERRUPTED = 130;

/** For programs that see a pipe: colours as on the terminal that shows it. */
const COLOURS = { FORCE_COLOR: "1", CARGO_TERM_COLOR: "always" };

/**
 * Runs steps, all of them even if one fails. They begin in order, but for those that wait for
 * another; their output is printed one step after the other. The last line printed is the sum of
 * their counts. An interrupt ends the running steps, with every process that they started, and the
 * run.
 *
 * @param steps What to run.
 * @param jobs How many run at a time.
 * @returns The exit code: 0 if nothing failed, 1 if something did, 130 if interrupted.
 * @throws {Error} If a step waits for one that does not come before it.
 */
export async function runSteps(steps: readonly Step[], jobs: number = 1): Promise<number> {
  checkOrder(steps);
  using interruption = new Interruption();
  const output = new OrderedOutput();
  const outcomes = new Map<string, Outcome>();
  try {
    await Promise.race([
      schedule(steps, jobs, outcomes, { interruption, output }),
      output.failure,
    ]);
    await output.end();
  } catch (error) {
    // Nobody reads what they print any more.
    await interruption.endAll();
    throw error;
  }
  return report(steps.flatMap(({ name }) => outcomes.get(name) ?? []), interruption.came);
}

/** What all steps of a run share. */
interface Run {
  readonly interruption: Interruption;
  readonly output: OrderedOutput;
}

function checkOrder(steps: readonly Step[]): void {
  const names = new Set<string>();
  for (const { name, after = [] } of steps) {
    if (names.has(name)) throw new Error(`Cannot run two steps of one name: ${name}`);
    for (const other of after) {
      if (!names.has(other)) throw new Error(`Cannot run "${name}" after: ${other}`);
    }
    names.add(name);
  }
}

async function schedule(
  steps: readonly Step[],
  jobs: number,
  outcomes: Map<string, Outcome>,
  run: Run,
): Promise<void> {
  const waiting = [...steps];
  const running = new Set<Promise<void>>();
  for (;;) {
    while (running.size < jobs && !run.interruption.came) {
      const next = waiting.findIndex(({ after = [] }) => after.every((name) => outcomes.has(name)));
      const [step] = next < 0 ? [] : waiting.splice(next, 1);
      if (step === undefined) break;
      const task = runStep(step, run).then((outcome) => {
        if (outcome !== undefined) outcomes.set(step.name, outcome);
        running.delete(task);
      });
      running.add(task);
    }
    if (running.size === 0) return;
    await Promise.race(running);
  }
}

/** Runs a step, or skips it if a tool is missing; undefined if an interrupt came before it. */
async function runStep(step: Step, { interruption, output }: Run): Promise<Outcome | undefined> {
  const missing = await missingTool(step);
  if (interruption.came) return undefined;
  if (missing === undefined) return await runProgram(step, interruption, output);
  const note = `skipped: ${missing.name} is not installed; ${missing.advice}`;
  output.open(`${step.name}: ${note}`).close();
  return { name: step.name, note, passed: 0, failed: 0, skipped: 1, seconds: 0 };
}

/** Runs a step's program. No wait comes before its start, so that an interrupt finds its process. */
async function runProgram(
  step: Step,
  interruption: Interruption,
  output: OrderedOutput,
): Promise<Outcome> {
  const started = performance.now();
  const [program, ...args] = step.command;
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // A group of its own, so that all of it can be ended.
    detached: true,
    env: { ...step.env, ...(Deno.stdout.isTerminal() ? COLOURS : {}) },
    ...(step.cwd === undefined ? {} : { cwd: step.cwd }),
  }).spawn();
  interruption.add(child.pid);
  const part = output.open(`${step.name}: ${step.command.join(" ")}`);
  const printed = new ProgramOutput(child, part, step.readLine);
  const { success, code, signal } = await child.status;
  await interruption.ended;
  interruption.remove(child.pid);
  const isClosed = await printed.end();
  part.close();

  const found = step.readLine
    ? printed.counts
    : [{ passed: success ? 1 : 0, failed: 0, skipped: 0 }];
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
    ...(counts.failed > 0 ? { lastLines: printed.lastLines } : {}),
  };
}

function report(outcomes: readonly Outcome[], interrupted: boolean): number {
  for (const { name, lastLines = [] } of interrupted ? [] : outcomes) {
    if (lastLines.length > 0) console.log(`\n== ${name} failed:\n${lastLines.join("\n").trim()}`);
  }
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
