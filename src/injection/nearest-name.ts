/** The number of letters to insert, remove or replace that turn one name into the other. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Longer names are no slip of the finger, and comparing them costs their lengths multiplied. */
const longestName = 100;

/** The known name that a wrong one was most likely meant to be; undefined when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name === "" || name.length > longestName) return undefined;
  const furthest = Math.max(1, Math.floor(name.length / 3));
  const wanted = name.toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, lower: candidate.toLowerCase() }))
    // Each letter that one has more than the other must be inserted or removed.
    .filter(({ lower }) => Math.abs(lower.length - wanted.length) <= furthest)
    .map(({ candidate, lower }) => ({ candidate, away: distance(wanted, lower) }))
    .sort((a, b) => a.away - b.away);
  const best = ranked[0];
  return best !== undefined && best.away <= furthest ? best.candidate : undefined;
}
