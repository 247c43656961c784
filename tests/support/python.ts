/**
 * Python, for tests that hold our files against what numpy and hftbacktest make of them.
 *
 * @module
 */

const VARIABLE = "HFTLIVE_PYTHON";

/** The interpreter: what the variable HFTLIVE_PYTHON names, or python3. */
export function pythonPath(): string {
  return Deno.env.get(VARIABLE) ?? "python3";
}

/** Tells why tests with numpy cannot run, and prints it once; undefined when they can. */
export function numpyMissing(): string | undefined {
  return pythonPackageMissing("numpy");
}

/**
 * Tells why tests with a Python package cannot run, and prints it once; undefined when they can.
 *
 * @param name The package, as Python imports it.
 */
export function pythonPackageMissing(name: string): string | undefined {
  if (!reasons.has(name)) {
    const reason = missing(name);
    reasons.set(name, reason);
    if (reason !== undefined) console.log(`tests with ${name} are skipped: ${reason}`);
  }
  return reasons.get(name);
}

const reasons = new Map<string, string | undefined>();

/**
 * Runs a Python program.
 *
 * @param code Its text.
 * @param args Its arguments, `sys.argv[1:]`.
 * @returns What it printed.
 * @throws {Error} If it fails; the message has what it wrote to stderr.
 */
export async function runPython(code: string, ...args: string[]): Promise<string> {
  const command = new Deno.Command(pythonPath(), { args: ["-c", code, ...args] });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Python failed: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

function missing(name: string): string | undefined {
  const path = pythonPath();
  const hint = `set ${VARIABLE} to a Python with ${name}`;
  try {
    const { success } = new Deno.Command(path, {
      args: ["-c", `import importlib.util, sys; sys.exit(not importlib.util.find_spec("${name}"))`],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success ? undefined : `${path} has no ${name}, ${hint}`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return `no ${path}, ${hint}`;
  }
}
