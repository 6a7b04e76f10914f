import { GoScalar, GoStruct, GoValue, TypedMap, TypedSlice, type Value } from "../../gotemplate/index.js";
import { isObject, setOwn } from "../../json/index.js";
import { KubeView } from "../view/kube-view.js";
import { MessageView, messageView } from "../view/message-view.js";
import { isTame } from "./is-tame.js";
import { replaceMessageTexts } from "./message-texts.js";
import { TextReplacer } from "./text-replacer.js";
import { anyWord } from "./word.js";

type Entries = Readonly<Record<string, Value>>;

/**
 * Fits values of an execution with harmless texts to those of the one with the pod's own, so that it can go the same way: what
 * is no text stays what it was, also where a function found it in a text; lists have as many items, maps as many entries, and
 * a text is empty where it was. What cannot be had of harmless texts, such as an item of JSON, is what it was with words in it.
 */
export class ValueFitter {
  readonly #replacer: TextReplacer;

  /** @param everything as for PodTexts */
  constructor(private readonly everything: boolean) {
    this.#replacer = new TextReplacer(everything, new Set());
  }

  readonly fit = (first: Value, again: { readonly value: Value } | undefined): Value =>
    again === undefined ? this.#disguise(first) : this.#fit(first, again.value);

  #fit(first: Value, again: Value): Value {
    if (first === again) return again;
    if (typeof first === "string")
      return typeof again === "string" && (again === "") === (first === "") ? again : this.#disguise(first);
    if (typeof first !== "object" || first === null) return first;
    if (first instanceof GoValue) return this.#fitGoValue(first, again);
    if (Array.isArray(first))
      return Array.isArray(again) && again.length === first.length
        ? first.map((item, index) => this.#fit(item, again[index]))
        : this.#disguise(first);
    return isLooseMap(again) ? this.#fitEntries(first as Entries, again) : this.#disguise(first);
  }

  #fitGoValue(first: GoValue, again: Value): Value {
    if (!(again instanceof GoValue) || again.type !== first.type || again.kind !== first.kind)
      return this.#disguise(first);
    if (first instanceof GoScalar)
      return again instanceof GoScalar && (again.value === "") === (first.value === "")
        ? scalarLike(first, again)
        : this.#disguise(first);
    if (first instanceof TypedSlice && again instanceof TypedSlice) {
      const { items } = again;
      if (items.length !== first.items.length) return this.#disguise(first);
      return new TypedSlice(
        first.type,
        first.items.map((item, index) => this.#fit(item, items[index])),
        first.isNil,
      );
    }
    if (first instanceof TypedMap && again instanceof TypedMap)
      return new TypedMap(
        first.type,
        this.#fitEntries(first.entries, again.entries),
        first.zero,
        first.isNil,
      );
    return again;
  }

  #fitEntries(first: Entries, again: Entries): Entries {
    const [wanted, found] = [Object.keys(first), Object.keys(again)];
    if (wanted.length !== found.length) return this.#disguiseEntries(first);
    const byName = wanted.every((key) => Object.hasOwn(again, key));
    const fitted: Record<string, Value> = {};
    for (const [index, key] of wanted.entries()) {
      const other = byName ? key : (found[index] ?? "");
      setOwn(fitted, other, this.#fit(first[key], again[other]));
    }
    return fitted;
  }

  /** A value of the first execution with words in the places of its texts. */
  #disguise(value: Value): Value {
    if (typeof value === "string") return this.#text(value);
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof GoScalar)
      return typeof value.value === "string"
        ? new GoScalar(value.kind, value.type, this.#text(value.value))
        : value;
    if (value instanceof TypedSlice)
      return new TypedSlice(
        value.type,
        value.items.map((item) => this.#disguise(item)),
        value.isNil,
      );
    if (value instanceof TypedMap)
      return new TypedMap(value.type, this.#disguiseEntries(value.entries), value.zero, value.isNil);
    if (value instanceof KubeView) return this.#disguiseView(value);
    if (value instanceof MessageView) return this.#disguiseMessage(value);
    // A value of another type, such as a version, cannot be made of words. What is read of it is disguised in its turn.
    if (value instanceof GoValue) return value instanceof GoStruct ? undefined : value;
    return Array.isArray(value)
      ? value.map((item) => this.#disguise(item))
      : this.#disguiseEntries(value as Entries);
  }

  #text(text: string): string {
    return text === "" || (!this.everything && isTame(text)) ? text : anyWord;
  }

  #key(key: string, index: number): string {
    return isTame(key) ? key : `${anyWord}-${index}`;
  }

  #disguiseEntries(entries: Entries): Entries {
    const disguised: Record<string, Value> = {};
    for (const [index, [key, item]] of Object.entries(entries).entries())
      setOwn(disguised, this.#key(key, index), this.#disguise(item));
    return disguised;
  }

  #disguiseView(view: KubeView): KubeView {
    const tree = this.#replacer.tree(view.tree, []);
    return isObject(tree) ? view.over(tree) : view;
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

function isLooseMap(value: Value): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof GoValue);
}

/** A named text as it is now; any other scalar as it was. */
function scalarLike(first: GoScalar, again: GoScalar): GoScalar {
  return typeof first.value === "string" ? again : first;
}
