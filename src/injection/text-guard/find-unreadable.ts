import { GoYamlError } from "../../goyaml/index.js";
import { KubeError } from "../../kube/index.js";
import { findDoers } from "./find-doers.js";
import { keepsNone, type Rendition } from "./find-harm.js";
import type { Keeps } from "./word-book.js";
import { wordsAt } from "./word-places.js";

/**
 * The numbers of the texts for which what a template wrote cannot be read, though they change no structure, such as a control
 * character or a bool where a text belongs. None where it is for another reason, or where nobody can tell.
 *
 * @param cause why it cannot be read
 */
export function findUnreadable(rendition: Rendition, cause: unknown): readonly number[] {
  const { harmless, anyWay } = rendition;
  const named = cause instanceof KubeError ? wordsAt(cause.path, harmless(keepsNone).join("")) : [];
  if (named.length > 0) return named;
  for (const write of [(keeps: Keeps) => harmless(keeps).join(""), anyWay]) {
    const fails = (numbers: readonly number[]) => {
      const kept = new Set(numbers);
      return isAlike(
        cause,
        faultOf(
          rendition,
          write((number) => kept.has(number)),
        ),
      );
    };
    if (!fails([])) return findDoers(rendition.texts(), fails);
  }
  return [];
}

/** Why what a template wrote cannot be read; undefined when it can, and where there is nothing. */
function faultOf({ read }: Rendition, text: string | undefined): unknown {
  try {
    if (text !== undefined) read(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.cause : undefined;
  }
}

function isAlike(one: unknown, other: unknown): boolean {
  if (one instanceof KubeError) return other instanceof KubeError && other.path === one.path;
  return one instanceof GoYamlError && other instanceof GoYamlError;
}
