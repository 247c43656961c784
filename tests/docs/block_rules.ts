/**
 * What must hold for the blocks of a page, so that each of them is run or checked by something.
 *
 * @module
 */

import type { Block } from "./blocks.ts";
import { checkJson, checkToml, checkYaml } from "./configurations.ts";
import { FIXTURES } from "./needs.ts";

/** Languages of what is only shown. */
const SHOWN = ["text", "diff"];

const CHECKS: Readonly<Record<string, (text: string) => void | Promise<void>>> = {
  sh: checkShell,
  ts: () => {},
  toml: checkToml,
  json: checkJson,
  yaml: checkYaml,
  python: checkPython,
};

/**
 * Tells what is wrong with the blocks of a page.
 *
 * @param blocks All its blocks, in order.
 * @returns The problems, each with its place.
 */
export async function blockProblems(blocks: readonly Block[]): Promise<string[]> {
  const problems: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const problem = instructionProblem(block, blocks.slice(index + 1)) ?? await textProblem(block);
    if (problem !== undefined) problems.push(`${block.place}: ${problem}`);
  }
  return problems;
}

async function textProblem({ language, text }: Block): Promise<string | undefined> {
  if (SHOWN.includes(language)) return undefined;
  const check = CHECKS[language];
  if (check === undefined) {
    const known = [...Object.keys(CHECKS), ...SHOWN].join(", ");
    return `nothing checks ${
      language === "" ? "a block without a language" : language
    }: use ${known}`;
  }
  try {
    await check(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function instructionProblem(block: Block, later: readonly Block[]): string | undefined {
  const { language, ignored, text, instruction } = block;
  const { notRun, needs, exit, background, file, connector } = instruction;
  const isShell = language === "sh";
  if (ignored && notRun === undefined && file === undefined) {
    return "it is not run: say why on the line before, <!-- not run: REASON -->";
  }
  if (!ignored && notRun !== undefined) return 'it is run: write "ignore" after the language';
  if (file !== undefined) return isUsed(file, later) ? undefined : `no later block uses ${file}`;
  const steered = needs.length > 0 || exit !== 0 || background !== undefined ||
    connector !== undefined;
  if (steered && (!isShell || ignored)) return "only a shell block that is run can be steered";
  if (!isShell || ignored) return undefined;
  const fixture = FIXTURES.find(({ name, need }) => text.includes(name) && !needs.includes(need));
  return fixture && `it uses ${fixture.name}: write needs=${fixture.need}`;
}

function isUsed(file: string, later: readonly Block[]): boolean {
  return later.some(({ language, text }) => language === "sh" && text.includes(file));
}

async function checkShell(text: string): Promise<void> {
  await checkWith("bash", ["-n", "-c", text]);
}

async function checkPython(text: string): Promise<void> {
  try {
    await checkWith("python3", ["-c", "import ast, sys; ast.parse(sys.argv[1])", text]);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log("Python blocks are not checked: python3 is not installed");
  }
}

async function checkWith(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
}
