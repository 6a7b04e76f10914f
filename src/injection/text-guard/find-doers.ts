/** More executions are not worth it: then all that may be to blame are named. */
const mostTrials = 16;

/**
 * The texts that do something, by their numbers: the first of them, or all where only several together do. They are searched
 * by halves, as most do nothing.
 *
 * @param does whether these texts together do it
 */
export function findDoers(
  numbers: readonly number[],
  does: (numbers: readonly number[]) => boolean,
): readonly number[] {
  if (numbers.length === 0 || !does(numbers)) return [];
  let suspects = numbers;
  for (let trials = 1; suspects.length > 1 && trials < mostTrials; trials += 2) {
    const middle = Math.ceil(suspects.length / 2);
    const half = [suspects.slice(0, middle), suspects.slice(middle)].find(does);
    if (half === undefined) return suspects;
    suspects = half;
  }
  return suspects;
}
