/**
 * Remembers the results of a pure function by a key, the newest `limit` of them: parsing a certificate costs a quarter
 * of a millisecond, and every step looks at the same few.
 */
export function remember<Argument, Result>(
  limit: number,
  keyOf: (argument: Argument) => string,
  compute: (argument: Argument) => Result,
): (argument: Argument) => Result {
  const results = new Map<string, { readonly result: Result }>();
  return (argument) => {
    const key = keyOf(argument);
    const known = results.get(key);
    if (known !== undefined) return known.result;
    const result = compute(argument);
    results.set(key, { result });
    const oldest = results.keys().next();
    if (results.size > limit && oldest.done !== true) results.delete(oldest.value);
    return result;
  };
}
