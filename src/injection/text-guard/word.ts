/** Letters that no function takes for a syllable, a number or a part of a larger word. */
const letters = "bcdfghjklmnprstvwx";
const length = 5;
const start = "zq";
const written = /zq([bcdfghjklmnprstvwx]{5})/gi;

/** The most texts that have words of their own: 18 to the power of 5. A pod of the largest body has fewer. */
const mostWords = letters.length ** length;

/** Stands for a text of which nobody knows whose it is. */
export const anyWord = start.repeat(3);

/**
 * A harmless text that stands for the text of this number. It keeps its number through whatever changes its case, or cuts
 * something else off, so that what is written of it tells whose it is.
 */
export function wordOf(index: number): string {
  if (index >= mostWords) return anyWord;
  let word = "";
  for (let rest = index; word.length < length; rest = Math.floor(rest / letters.length))
    word += letters.charAt(rest % letters.length);
  return start + word;
}

/** The numbers of the words in a text. */
export function wordsIn(text: string): readonly number[] {
  return Array.from(text.matchAll(written), ([, word = ""]) => indexOf(word.toLowerCase()));
}

function indexOf(word: string): number {
  return [...word].reduceRight((index, letter) => index * letters.length + letters.indexOf(letter), 0);
}
