import { sameStructure } from "../../goyaml/index.js";
import { unsettledPieces } from "./is-settled.js";
import { findDoers } from "./trials.js";
import { wordsIn } from "./word.js";
import { isYamlByDesign } from "./yaml-by-design.js";

/** What a template wrote of a pod, and what it would have written the same way of other texts. */
export interface Rendition {
  /** The text, cut where texts and actions of the template begin. */
  readonly pieces: readonly string[];
  /** The numbers of the pod's texts that it could hold. */
  readonly texts: readonly number[];
  /** The same with words in the places of these texts, but for those that are kept. */
  harmless(kept: readonly number[]): readonly string[];
  /** The text that the template writes of them on a way of its own; undefined where it fails. */
  anyWay(kept: readonly number[]): string | undefined;
  /** Throws where a text is no partial pod. */
  read(text: string): unknown;
}

/**
 * The numbers of the texts that change the structure of what a template writes; empty where none is proven to. It is proven
 * where, on the same way through the template, the text and a word in its place make other YAML around them, and the template
 * does not ask for YAML there.
 */
export function findHarm(rendition: Rendition): readonly number[] {
  const { pieces, texts } = rendition;
  const harmless = rendition.harmless([]);
  if (sameStructure(pieces, harmless)) return [];
  const suspects = suspectsOf(pieces, harmless, texts);
  if (suspects.length === 0) return [];
  const changes = (kept: readonly number[]) => !sameStructure(rendition.harmless(kept), harmless);
  const found = findDoers(suspects, changes);
  const makers = found.length > 0 || suspects === texts ? found : findDoers(texts, changes);
  const guilty = makers.filter((maker) => !isAskedFor(maker, rendition));
  if (guilty.length > 0 || makers.length === 0) return guilty;
  // Beside YAML that the template asks for, the other texts must be harmless too.
  const isRest = (number: number) => !makers.includes(number);
  return sameStructure(pieces, rendition.harmless(makers)) ? [] : suspects.filter(isRest);
}

/** The texts that may be structure: those whose words are in pieces that may be; all where no word tells. */
function suspectsOf(
  pieces: readonly string[],
  harmless: readonly string[],
  texts: readonly number[],
): readonly number[] {
  if (pieces.length !== harmless.length) return texts;
  const changed = pieces.flatMap((piece, index) => (piece === harmless[index] ? [] : [index]));
  const unsettled = unsettledPieces(pieces, changed);
  if (unsettled.length === 0) return [];
  const named = new Set(unsettled.flatMap((index) => wordsIn(harmless[index] ?? "")));
  return named.size > 0 ? [...named] : texts;
}

function isAskedFor(maker: number, { pieces, texts, harmless, read }: Rendition): boolean {
  const without = harmless(texts.filter((number) => number !== maker));
  return without.length === pieces.length && isYamlByDesign(pieces, without, read);
}
