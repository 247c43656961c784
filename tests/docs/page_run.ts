/**
 * Runs the shell blocks of a page in order, in one copy of the project.
 *
 * @module
 */

import { dirname } from "@std/path";
import type { Block } from "./blocks.ts";
import type { Need } from "./instruction.ts";
import { LACKS } from "./needs.ts";
import { ProjectCopy } from "./project_copy.ts";
import { ShellProcess, type ShellResult } from "./shell_process.ts";

/** Exit code of a program that was interrupted. */
const INTERRUPTED = 130;

const SIM_CONNECTOR = "native/target/release/sim-connector";
const MARKET = "native/crates/sim-connector/examples/synthetic.toml";

/** How a run tells of its steps; `Deno.TestContext` is one. */
export interface Steps {
  /** Runs one; false if it failed or was ignored. */
  step(definition: Deno.TestStepDefinition): Promise<boolean>;
}

/** Whether a block is run, or saved for those that are. */
export function isRun({ language, ignored, instruction }: Block): boolean {
  return instruction.file !== undefined || (language === "sh" && !ignored);
}

/**
 * Runs the blocks of a page.
 *
 * @param t Gets a step for each block, and one for each end of a background block.
 * @param blocks The blocks; those that are not for this are passed over.
 * @param parts The files that they run beside, as git takes paths; all of the project unless given.
 */
export async function runPage(
  t: Steps,
  blocks: readonly Block[],
  parts?: readonly string[],
): Promise<void> {
  await using copy = await ProjectCopy.create(parts);
  await using run = new PageRun(t, copy);
  for (const block of blocks.filter(isRun)) {
    if (block.instruction.file !== undefined) await run.save(block, block.instruction.file);
    // The next blocks build on this one.
    else if (await run.run(block) === "failed") break;
  }
  await run.interruptAll();
}

/** A run of one page. */
class PageRun implements AsyncDisposable {
  readonly #t: Steps;
  readonly #copy: ProjectCopy;
  readonly #lacks = new Map<Need, string | undefined>();
  readonly #connectors = new Set<string>();
  /** Whatever goes on when its block is done. */
  readonly #processes = new AsyncDisposableStack();
  readonly #background: { readonly block: Block; readonly shell: ShellProcess }[] = [];

  constructor(t: Steps, copy: ProjectCopy) {
    this.#t = t;
    this.#copy = copy;
  }

  /** Writes a block to a file. */
  async save({ text }: Block, file: string): Promise<void> {
    const path = this.#copy.file(file);
    await Deno.mkdir(dirname(path), { recursive: true });
    // What may hold keys is no business of others.
    await Deno.writeTextFile(path, `${text}\n`, { mode: 0o600 });
  }

  /** Runs a block in a step. */
  async run(block: Block): Promise<"passed" | "skipped" | "failed"> {
    const lack = await this.#firstLack(block.instruction.needs);
    if (lack !== undefined) {
      await this.#step(`${block.place}, skipped: ${lack}`, () => {}, { ignore: true });
      return "skipped";
    }
    const { background, connector, exit } = block.instruction;
    const passed = await this.#step(block.place, async () => {
      if (connector !== undefined) await this.#startConnector(connector);
      if (background !== undefined) return await this.#start(block, background);
      await using shell = new ShellProcess(block.text, this.#copy.surroundings);
      checkEnd(block, await shell.finish(), [exit]);
    });
    return passed ? "passed" : "failed";
  }

  /** Interrupts what runs in the background, the last one first. */
  async interruptAll(): Promise<void> {
    for (const { block, shell } of this.#background.reverse()) {
      await this.#step(`${block.place} ends when it is interrupted`, async () => {
        checkEnd(block, await shell.interrupt(), [0, INTERRUPTED]);
      });
    }
  }

  /** Ends whatever still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#processes.disposeAsync();
  }

  async #start(block: Block, until: string): Promise<void> {
    const shell = this.#processes.use(new ShellProcess(block.text, this.#copy.surroundings));
    await shell.prints(until);
    this.#background.push({ block, shell });
  }

  /** Starts sim-connector under a name, once in a page. */
  async #startConnector(name: string): Promise<void> {
    if (this.#connectors.has(name)) return;
    this.#connectors.add(name);
    const line = `${SIM_CONNECTOR} ${name} binancefutures ${MARKET}`;
    await this.#processes.use(new ShellProcess(line, this.#copy.surroundings))
      .prints("The connector is ready.");
  }

  /** Tells what the machine lacks. Asked once in a page: its own programs take ports. */
  async #firstLack(needs: readonly Need[]): Promise<string | undefined> {
    for (const need of needs) {
      if (!this.#lacks.has(need)) this.#lacks.set(need, await LACKS[need]());
      const reason = this.#lacks.get(need);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  async #step(
    name: string,
    fn: () => void | Promise<void>,
    options: { ignore?: boolean } = {},
  ): Promise<boolean> {
    // What runs in the background outlives its step.
    return await this.#t.step({
      name,
      fn,
      sanitizeOps: false,
      sanitizeResources: false,
      ...options,
    });
  }
}

function checkEnd(block: Block, result: ShellResult, expected: readonly number[]): void {
  const { code, left, hung, output } = result;
  if (expected.includes(code) && !left && !hung) return;
  const what = hung
    ? "does not end"
    : left
    ? "leaves processes behind"
    : `ended with ${code}, expected ${expected.join(" or ")}`;
  throw new Error(`${block.place} ${what}:\n${block.text}\n--- printed:\n${output}`);
}
