import type { InjectionWarning } from "../injection-result.js";

export const noWarnings: readonly InjectionWarning[] = [];

/** The warnings of several lists, which nearly always are all empty. */
export function joinWarnings(
  ...lists: readonly (readonly InjectionWarning[])[]
): readonly InjectionWarning[] {
  let all = noWarnings;
  for (const list of lists) if (list.length > 0) all = all.concat(list);
  return all;
}
