import { structuralDifference } from "../../goyaml/index.js";
import { findDoers } from "./find-doers.js";
import { unsettledPieces } from "./is-settled.js";
import { anyWord, wordsIn } from "./word.js";
import type { Keeps } from "./word-book.js";
import { collectionOf, isYamlByDesign } from "./yaml-by-design.js";

/** What a template wrote of a pod, and what it would have written the same way of other texts. */
export interface Rendition {
  /** The text, cut where texts and actions of the template begin. */
  readonly pieces: readonly string[];
  /** The same with words in the places of texts, but for those that are kept. */
  harmless(keeps: Keeps): readonly string[];
  /** The text that the template writes of them on a way of its own; undefined where it fails. */
  anyWay(keeps: Keeps): string | undefined;
  /** The numbers of the texts that the template has read so far. */
  texts(): readonly number[];
  /** Throws where a text is no partial pod. */
  read(text: string): unknown;
  /** Pays for looking at pieces. */
  pay(...looked: readonly (readonly string[])[]): void;
}

export const keepsNone: Keeps = () => false;

/**
 * The numbers of the texts that first change the structure of what a template writes; none where no text is proven to. It is
 * proven where, on the same way through the template, the text and a word in its place make other YAML around them, and the
 * template does not ask for YAML there.
 */
export function findHarm(rendition: Rendition): readonly number[] {
  const { pieces } = rendition;
  const harmless = rendition.harmless(keepsNone);
  if (!differ(rendition, pieces, harmless) || areAllSettled(pieces, harmless)) return [];
  const asked = new Set<number>();
  for (let others = harmless; ; others = rendition.harmless((number) => asked.has(number))) {
    const at = difference(rendition, pieces, others);
    if (at === undefined) return [];
    const makers = makersOf(others[at] ?? "", rendition, harmless);
    const isYaml = collectionOf(pieces[at] ?? "") !== undefined;
    const guilty = makers.filter((maker) => !isYaml || asked.has(maker) || !isAskedFor(maker, rendition));
    if (guilty.length > 0 || makers.length === 0) return guilty;
    for (const maker of makers) asked.add(maker);
  }
}

function difference(
  { pay }: Rendition,
  pieces: readonly string[],
  others: readonly string[],
): number | undefined {
  pay(pieces, others);
  return structuralDifference(pieces, others);
}

function differ(rendition: Rendition, pieces: readonly string[], others: readonly string[]): boolean {
  return difference(rendition, pieces, others) !== undefined;
}

function areAllSettled(pieces: readonly string[], harmless: readonly string[]): boolean {
  if (pieces.length !== harmless.length) return false;
  const changed = pieces.flatMap((piece, index) => (piece === harmless[index] ? [] : [index]));
  return unsettledPieces(pieces, changed).length === 0;
}

/** The texts that make the difference at a piece: those whose words are in it, or any that do where no word tells. */
function makersOf(piece: string, rendition: Rendition, harmless: readonly string[]): readonly number[] {
  const named = [...new Set(wordsIn(piece))];
  if (named.length === 1 && !piece.includes(anyWord)) return named;
  const changes = (numbers: readonly number[]) => {
    const kept = new Set(numbers);
    return differ(
      rendition,
      rendition.harmless((number) => kept.has(number)),
      harmless,
    );
  };
  const found = findDoers(named, changes);
  if (found.length > 0) return found;
  return named.length > 0 ? named : findDoers(rendition.texts(), changes);
}

function isAskedFor(maker: number, { pieces, harmless, read }: Rendition): boolean {
  const without = harmless((number) => number !== maker);
  return without.length === pieces.length && isYamlByDesign(pieces, without, read);
}
