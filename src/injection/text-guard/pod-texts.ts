import { isObject, type JsonObject } from "../../json/index.js";
import type { Message } from "../../mesh/index.js";
import type { Owner } from "../injection-context.js";
import { names } from "../names.js";
import { replaceMessageTexts, textsOfMessage } from "./message-texts.js";
import { TextReplacer } from "./text-replacer.js";

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
  /** What the texts are called in errors. Their indexes are the numbers of their words. */
  readonly names: readonly string[];

  /**
   * @param ownTexts the texts of the mesh config, which the operator wrote
   * @param ownProxyConfig whether the pod has a say in its ProxyConfig
   * @param everything also texts that can do nothing to YAML as they are, for templates that could make something of them
   */
  constructor(
    private readonly sources: PodSources,
    private readonly ownTexts: () => ReadonlySet<string>,
    private readonly ownProxyConfig: boolean,
    private readonly everything: boolean,
  ) {
    this.names = this.#replace(new Set()).names;
  }

  /** The sources with a harmless word in the place of each text, but for those of these numbers. */
  harmless(kept: ReadonlySet<number>): PodSources {
    return this.#replace(kept).sources;
  }

  #replace(kept: ReadonlySet<number>): { readonly sources: PodSources; readonly names: readonly string[] } {
    const replacer = new TextReplacer(this.everything, kept);
    const { pod, owner, proxyConfig, mesh } = this.sources;
    const replaced = replacer.tree(pod, []);
    const sources = {
      pod: isObject(replaced) ? replaced : pod,
      owner: owner && ownerWith(owner, replacer),
      proxyConfig: this.#message(proxyConfig, replacer),
      mesh: this.#message(mesh, replacer),
    };
    return { sources, names: replacer.names };
  }

  #message(message: Message, replacer: TextReplacer): Message {
    const own = this.ownTexts();
    const name = `a value in ${this.ownProxyConfig ? `annotation '${names.proxyConfig}'` : "a ProxyConfig"}`;
    return replaceMessageTexts(message, {
      text: (text) => (own.has(text) ? text : replacer.text(text, name)),
      key: (key, index) => (own.has(key) ? key : replacer.key(key, name, index)),
    });
  }
}

function ownerWith(owner: Owner, replacer: TextReplacer): Owner {
  const text = (value: string) => replacer.text(value, "the name or kind of the workload");
  return {
    apiVersion: text(owner.apiVersion),
    kind: text(owner.kind),
    name: text(owner.name),
    namespace: text(owner.namespace),
  };
}

/** The texts of the mesh config; they are looked up when something is to be told from them. */
export function textsOfMesh(mesh: Message): () => ReadonlySet<string> {
  let known: ReadonlySet<string> | undefined;
  return () => {
    known ??= textsOfMessage(mesh);
    return known;
  };
}
