/**
 * "Did you mean": the nearest known word to a mistyped one.
 *
 * @module
 */

/**
 * Finds the known word that a mistyped one was most likely meant to be.
 *
 * @param word The word as typed.
 * @param known The words that exist.
 * @returns The nearest one, or undefined when none is near enough to be worth a guess.
 */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  const typed = word.toLowerCase();
  const all = [...known];
  const longer = all.filter((candidate) => candidate.toLowerCase().startsWith(typed));
  if (typed.length > 1 && longer.length === 1) return longer[0];
  let best: string | undefined;
  // A third of the word may be wrong, at least one letter.
  let bestDistance = Math.max(1, Math.floor(typed.length / 3)) + 1;
  for (const candidate of all) {
    const distance = editDistance(typed, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Least number of letters to insert, delete, replace or swap with their neighbour. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
