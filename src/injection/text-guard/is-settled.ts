import { GoYamlError, yamlWithSlots } from "../../goyaml/index.js";
import { isTame } from "./is-tame.js";

/** Whether each of these strings is tame or lies wholly inside a scalar: then none of them can be structure. */
export function areSettled(strings: readonly string[], free: ReadonlySet<number>): boolean {
  return strings.every((string, index) => free.has(index) || isTame(string));
}

/**
 * Which of the pieces of a text that `changed` names could be structure: neither are they tame, nor do they lie wholly inside a
 * scalar. All that are not tame, where the text cannot be read.
 */
export function unsettledPieces(pieces: readonly string[], changed: readonly number[]): readonly number[] {
  const free = freePieces(pieces, changed);
  return changed.filter((index) => !free.has(index) && !isTame(pieces[index] ?? ""));
}

function freePieces(pieces: readonly string[], changed: readonly number[]): ReadonlySet<number> {
  const fixed: string[] = [];
  let from = 0;
  for (const index of [...changed, pieces.length]) {
    fixed.push(pieces.slice(from, index).join(""));
    from = index + 1;
  }
  try {
    const strings = changed.map((index) => pieces[index] ?? "");
    const marks = yamlWithSlots(fixed, strings)?.marks.values() ?? [];
    return new Set([...marks].flatMap(({ pattern }) => pattern.slots.map((slot) => changed[slot] ?? -1)));
  } catch (error) {
    if (error instanceof GoYamlError) return new Set();
    throw error;
  }
}
