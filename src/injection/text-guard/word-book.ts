import { isTame } from "./is-tame.js";
import { anyWord, wordOf } from "./word.js";

/** What a text is called in a message to the pod's author. A phrase is one already; a place holds no blanks. */
function nameOf(whose: string): string {
  if (whose.includes(" ")) return whose;
  const [, map, name] = /^metadata\.(annotation|label)s\.(.*)$/s.exec(whose) ?? [];
  return `the value of ${map === undefined ? whose : `${map} '${name}'`}`;
}

/** The texts that were replaced by words so far, and their numbers. A text has one number for good. */
export class WordBook {
  readonly #numbers = new Map<string, number>();

  /** @param everything also texts that can do nothing to YAML as they are */
  constructor(readonly everything: boolean) {}

  /** The numbers of all texts so far. */
  get numbers(): readonly number[] {
    return [...this.#numbers.values()];
  }

  /** What the text of a number is called. */
  nameOf(number: number): string {
    return nameOf([...this.#numbers.keys()][number] ?? "");
  }

  /** Whether a text is replaced. The empty one stays what it is. */
  replaces(text: string): boolean {
    return text !== "" && (this.everything || !isTame(text));
  }

  /** Whether a key is: one that is tame stays, as templates ask for it by its name. */
  replacesKey(key: string): boolean {
    return !isTame(key);
  }

  /**
   * The word for a text; undefined for one that is kept.
   *
   * @param whose the text's place, such as `spec.containers[0].image`, or a phrase for texts that have one number together
   */
  word(whose: string, keeps: Keeps): string | undefined {
    let number = this.#numbers.get(whose);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(whose, number);
    }
    return keeps(number) ? undefined : wordOf(number);
  }
}

/** Puts the same word in the place of each text: for texts of which nobody knows whose they are. */
export class AnonymousBook extends WordBook {
  override word(): string {
    return anyWord;
  }
}

/** Whether the text of a number stays as it is. */
export type Keeps = (number: number) => boolean;
