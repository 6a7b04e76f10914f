import {
  type Fit,
  GoScalar,
  GoStruct,
  GoValue,
  TypedMap,
  TypedSlice,
  type Value,
} from "../../gotemplate/index.js";
import { setOwn } from "../../json/index.js";
import { KubeView } from "../view/kube-view.js";
import { MessageView, messageView } from "../view/message-view.js";
import { harmlessTree } from "./harmless-tree.js";
import { replaceMessageTexts } from "./message-texts.js";
import { anyWord } from "./word.js";
import { AnonymousBook } from "./word-book.js";

type Entries = Readonly<Record<string, Value>>;

/** What these make of a word is no text that anybody could have meant. */
const decoders: ReadonlySet<string> = new Set(["b64dec", "b32dec", "decryptAES"]);

/**
 * Fits values of an execution with harmless texts to those of the one with the pod's own, so that it can go the same way: what
 * is no text stays what it was, also where a function found it in a text; lists have as many items, maps as many entries, and
 * a text is empty where it was. What cannot be had of harmless texts, such as an item of JSON, is what it was with words in it.
 */
export class ValueFitter {
  readonly #book: AnonymousBook;

  /** @param everything as for WordBook */
  constructor(everything: boolean) {
    this.#book = new AnonymousBook(everything);
  }

  readonly fit: Fit = (first, again, called) => {
    if (again === undefined) return this.#disguise(first);
    const { value } = again;
    if (value === first || !isOfText(first)) return first;
    return isLike(first, value) && !decoders.has(called ?? "") ? value : this.#disguise(first);
  };

  /** A value of the first execution with words in the places of its texts. */
  #disguise(value: Value): Value {
    if (typeof value === "string") return this.#text(value);
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof GoValue) return this.#disguiseGoValue(value);
    return Array.isArray(value)
      ? value.map((item) => this.#disguise(item))
      : this.#disguiseEntries(value as Entries);
  }

  #disguiseGoValue(value: GoValue): Value {
    if (value instanceof GoScalar)
      return typeof value.value === "string"
        ? new GoScalar(value.kind, value.type, this.#text(value.value))
        : value;
    if (value instanceof TypedSlice) {
      const items = value.items.map((item) => this.#disguise(item));
      return new TypedSlice(value.type, items, value.isNil);
    }
    if (value instanceof TypedMap)
      return new TypedMap(value.type, this.#disguiseEntries(value.entries), value.zero, value.isNil);
    if (value instanceof KubeView) return value.over(harmlessTree(value.tree, this.#book, () => false));
    if (value instanceof MessageView) return this.#disguiseMessage(value);
    // A struct of another type, such as a version, cannot be made of words. What is read of it is disguised in its turn.
    return value instanceof GoStruct ? undefined : value;
  }

  #text(text: string): string {
    return this.#book.replaces(text) ? anyWord : text;
  }

  #key(key: string, index: number): string {
    return this.#book.replacesKey(key) ? `${anyWord}-${index}` : key;
  }

  #disguiseEntries(entries: Entries): Entries {
    const disguised: Record<string, Value> = {};
    for (const [index, [key, item]] of Object.entries(entries).entries())
      setOwn(disguised, this.#key(key, index), this.#disguise(item));
    return disguised;
  }

  #disguiseMessage({ message }: MessageView): MessageView {
    return messageView(
      replaceMessageTexts(message, {
        text: (text) => this.#text(text),
        key: (key, index) => this.#key(key, index),
      }),
    );
  }
}

/** Whether a value is a text or may hold one: numbers and bools decide, and must stay. */
function isOfText(value: Value): boolean {
  if (value instanceof GoScalar) return typeof value.value === "string";
  return typeof value === "string" || (typeof value === "object" && value !== null);
}

/** Whether a template goes on with the other value as with the first: of one type, and as long, or as empty. */
function isLike(first: Value, other: Value): boolean {
  if (typeof first === "string") return typeof other === "string" && (other === "") === (first === "");
  if (typeof first !== "object" || typeof other !== "object" || first === null || other === null)
    return false;
  if (first instanceof GoValue) {
    if (!(other instanceof GoValue) || first.type !== other.type || first.kind !== other.kind) return false;
    return sizeOf(first) === sizeOf(other);
  }
  if (Array.isArray(first)) return Array.isArray(other) && first.length === other.length;
  return !Array.isArray(other) && !(other instanceof GoValue) && entryCount(first) === entryCount(other);
}

function sizeOf(value: GoValue): number {
  if (value instanceof TypedSlice) return value.items.length;
  if (value instanceof TypedMap) return entryCount(value.entries);
  return value instanceof GoScalar && value.value === "" ? 0 : 1;
}

function entryCount(entries: object): number {
  return Object.keys(entries).length;
}
