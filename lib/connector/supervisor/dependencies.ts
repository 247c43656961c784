/**
 * Connectors that depend on each other.
 *
 * @module
 */

/** Something that depends on others, named. */
export interface Dependent {
  /** Its name. */
  readonly name: string;
  /** Names of what has to be there before it. */
  readonly dependsOn: readonly string[];
}

/**
 * Finds a circle of dependencies.
 *
 * @param dependents All of them; names that are not among them are passed over.
 * @returns The names around the circle, the first one again at the end, or undefined.
 */
export function findCycle(dependents: readonly Dependent[]): string[] | undefined {
  const byName = new Map(dependents.map((dependent) => [dependent.name, dependent]));
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    const at = path.indexOf(name);
    if (at >= 0) return [...path.slice(at), name];
    if (done.has(name)) return undefined;
    for (const next of byName.get(name)?.dependsOn ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle !== undefined) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const { name } of dependents) {
    const cycle = visit(name, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
