import { isObject, type JsonObject, type JsonValue, setOwn } from "../../json/index.js";
import type { Keeps, WordBook } from "./word-book.js";

/**
 * A tree with words in the places of its texts. What is deeper in an object is made when it is read: a template reads little
 * of a pod, and a pod may be large.
 */
export function harmlessTree(tree: JsonObject, book: WordBook, keeps: Keeps): JsonObject {
  return new HarmlessTree(book, keeps).object(tree, "");
}

class HarmlessTree {
  constructor(
    private readonly book: WordBook,
    private readonly keeps: Keeps,
  ) {}

  object(object: JsonObject, place: string): JsonObject {
    const harmless: JsonObject = {};
    for (const [index, key] of Object.keys(object).entries()) {
      const name = this.#key(key, place, index);
      const at = place === "" ? name : `${place}.${name}`;
      const value = object[key] ?? null;
      if (typeof value === "object" && value !== null)
        defineLate(harmless, name, () => this.#value(value, at));
      else setOwn(harmless, name, this.#value(value, at));
    }
    return harmless;
  }

  #value(value: JsonValue, place: string): JsonValue {
    if (typeof value === "string") return this.#text(value, place);
    if (Array.isArray(value)) return value.map((item, index) => this.#value(item, `${place}[${index}]`));
    return isObject(value) ? this.object(value, place) : value;
  }

  #text(text: string, place: string): string {
    if (!this.book.replaces(text)) return text;
    return this.book.word(place, this.keeps) ?? text;
  }

  /** `index` tells it from its neighbours. */
  #key(key: string, place: string, index: number): string {
    if (!this.book.replacesKey(key)) return key;
    const word = this.book.word(`a name in ${place}`, this.keeps);
    return word === undefined ? key : `${word}-${index}`;
  }
}

/** Defines a member that is made when it is first read. */
function defineLate(object: JsonObject, name: string, make: () => JsonValue): void {
  const usual = { enumerable: true, configurable: true };
  const get = () => {
    const value = make();
    Object.defineProperty(object, name, { ...usual, value, writable: true });
    return value;
  };
  Object.defineProperty(object, name, { ...usual, get });
}
