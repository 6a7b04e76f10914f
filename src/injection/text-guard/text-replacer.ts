import { isObject, type JsonObject, type JsonValue, setOwn } from "../../json/index.js";
import { isTame } from "./is-tame.js";
import { wordOf } from "./word.js";

type Path = readonly (string | number)[];

function dotted(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .slice(1);
}

/** How a text is named to the pod's author, by its place. */
function textAt(path: Path): string {
  const [top, map, name, ...deeper] = path;
  const isEntry = top === "metadata" && typeof name === "string" && deeper.length === 0;
  if (isEntry && map === "annotations") return `the value of annotation '${name}'`;
  if (isEntry && map === "labels") return `the value of label '${name}'`;
  return `the value of ${dotted(path)}`;
}

/**
 * Puts words in the places of texts, and keeps a list of these places. A text keeps its number as long as the order in which
 * they are replaced is the same. The empty text stays what it is.
 */
export class TextReplacer {
  readonly #numbers = new Map<string, number>();

  /**
   * @param everything also texts that can do nothing to YAML, as they are
   * @param kept the numbers of texts that stay
   */
  constructor(
    private readonly everything: boolean,
    private readonly kept: ReadonlySet<number>,
  ) {}

  /** What the replaced texts, and those kept, are called, by their numbers. */
  get names(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  /** A text, or the word in its place. `name` is what it is called; those of one name have one number. */
  text(text: string, name: string): string {
    if (text === "" || (!this.everything && isTame(text))) return text;
    return this.#word(name) ?? text;
  }

  /** A key; one that is tame stays, as templates ask for it by its name. `index` tells it from its neighbours. */
  key(key: string, name: string, index: number): string {
    if (isTame(key)) return key;
    const word = this.#word(name);
    return word === undefined ? key : `${word}-${index}`;
  }

  /** A tree with its texts replaced. Parts in which nothing is replaced are shared with the result. */
  tree(tree: JsonValue, path: Path): JsonValue {
    if (typeof tree === "string") return this.text(tree, textAt(path));
    if (Array.isArray(tree)) {
      const items = tree.map((item, index) => this.tree(item, [...path, index]));
      return items.every((item, index) => item === tree[index]) ? tree : items;
    }
    return isObject(tree) ? this.#object(tree, path) : tree;
  }

  #object(object: JsonObject, path: Path): JsonObject {
    const copy: JsonObject = {};
    let changed = false;
    for (const [index, [key, item]] of Object.entries(object).entries()) {
      const newKey = this.key(key, `a name in ${dotted(path)}`, index);
      const newItem = this.tree(item, [...path, newKey]);
      changed ||= newKey !== key || newItem !== item;
      setOwn(copy, newKey, newItem);
    }
    return changed ? copy : object;
  }

  #word(name: string): string | undefined {
    const number = this.#numbers.get(name) ?? this.#numbers.size;
    this.#numbers.set(name, number);
    return this.kept.has(number) ? undefined : wordOf(number);
  }
}
