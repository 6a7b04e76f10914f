/** More executions are not worth it: then all that may be to blame are named. */
const mostTrials = 48;

/**
 * The texts that do something, by their numbers; all of them where only several together do. They are searched by halves, as
 * most do nothing.
 *
 * @param does whether these texts together do it
 */
export function findDoers(
  numbers: readonly number[],
  does: (numbers: readonly number[]) => boolean,
): readonly number[] {
  let trials = 0;
  const tries = (some: readonly number[]): boolean => {
    trials += 1;
    return does(some);
  };
  const narrow = (some: readonly number[]): readonly number[] => {
    if (some.length === 1 || trials >= mostTrials) return some;
    const middle = Math.ceil(some.length / 2);
    const found = [some.slice(0, middle), some.slice(middle)].filter(tries).flatMap(narrow);
    return found.length === 0 ? some : found;
  };
  return numbers.length > 0 && tries(numbers) ? narrow(numbers) : [];
}
