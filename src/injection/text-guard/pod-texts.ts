import { isObject, type JsonObject, type JsonValue } from "../../json/index.js";
import type { Message } from "../../mesh/index.js";
import type { Owner } from "../injection-context.js";
import { names } from "../names.js";
import { harmlessTree } from "./harmless-tree.js";
import { isTame } from "./is-tame.js";
import { replaceMessageTexts, textsOfMessage } from "./message-texts.js";
import type { Keeps, WordBook } from "./word-book.js";

/** What templates see of a pod, as far as others than the operator wrote it. */
export interface PodSources {
  readonly pod: JsonObject;
  /** Where it does not follow from the pod. */
  readonly owner: Owner | undefined;
  readonly proxyConfig: Message;
  readonly mesh: Message;
}

/** The texts in these sources that a template could write into YAML. */
export class PodTexts {
  #ownTexts: ReadonlySet<string> | undefined;

  /**
   * @param operatorsMesh the mesh config; its texts are the operator's
   * @param ownProxyConfig whether the pod has a say in its ProxyConfig
   */
  constructor(
    private readonly sources: PodSources,
    private readonly operatorsMesh: Message,
    private readonly ownProxyConfig: boolean,
  ) {}

  /** Whether all of them can do nothing to YAML as they are. */
  areTame(): boolean {
    const { pod, owner, proxyConfig, mesh } = this.sources;
    const isFree = (text: string) => isTame(text) || this.#isOwn(text);
    return (
      isTameTree(pod) &&
      (owner === undefined || Object.values(owner).every(isTame)) &&
      [proxyConfig, mesh].every((message) => [...textsOfMessage(message)].every(isFree))
    );
  }

  /** The sources with words in the places of those texts that the book replaces, and that are not to be kept. */
  harmless(book: WordBook, keeps: Keeps): PodSources {
    const { pod, owner, proxyConfig, mesh } = this.sources;
    return {
      pod: harmlessTree(pod, book, keeps),
      owner: owner && harmlessOwner(owner, book, keeps),
      proxyConfig: this.#harmlessMessage(proxyConfig, book, keeps),
      mesh: this.#harmlessMessage(mesh, book, keeps),
    };
  }

  #harmlessMessage(message: Message, book: WordBook, keeps: Keeps): Message {
    const name = `a value in ${this.ownProxyConfig ? `annotation '${names.proxyConfig}'` : "a ProxyConfig"}`;
    const word = () => book.word(name, keeps);
    return replaceMessageTexts(message, {
      text: (text) => (book.replaces(text) && !this.#isOwn(text) ? (word() ?? text) : text),
      key: (key, index) => {
        const replaced = book.replacesKey(key) && !this.#isOwn(key) ? word() : undefined;
        return replaced === undefined ? key : `${replaced}-${index}`;
      },
    });
  }

  #isOwn(text: string): boolean {
    this.#ownTexts ??= textsOfMessage(this.operatorsMesh);
    return this.#ownTexts.has(text);
  }
}

function isTameTree(tree: JsonValue): boolean {
  if (typeof tree === "string") return isTame(tree);
  if (Array.isArray(tree)) return tree.every(isTameTree);
  if (!isObject(tree)) return true;
  return Object.keys(tree).every((key) => isTame(key) && isTameTree(tree[key] ?? null));
}

function harmlessOwner(owner: Owner, book: WordBook, keeps: Keeps): Owner {
  const text = (value: string) =>
    book.replaces(value) ? (book.word("the name or kind of the workload", keeps) ?? value) : value;
  return {
    apiVersion: text(owner.apiVersion),
    kind: text(owner.kind),
    name: text(owner.name),
    namespace: text(owner.namespace),
  };
}
