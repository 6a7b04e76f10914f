import { type DecisionRules, decide, readStatus } from "../../injection/index.js";
import { isObject, type JsonObject, textOrEmpty, textsAt, valueAt } from "../../json/index.js";
import { detectOwner } from "../../kube/index.js";
import { type NamespaceFacts, rememberCallers } from "./callers.js";
import type { Installation } from "./installation.js";

/** Pods that were made of one template and injected alike: looking at one of them tells of all. */
export interface PodGroup {
  readonly namespace: string;
  /** As kubectl names it, such as `deployment/web`. */
  readonly workload: string;
  /** The oldest of them, by its name. */
  readonly oldest: string;
  /** When that one was made, in milliseconds since 1970. */
  readonly createdAt: number;
  readonly count: number;
}

/** What an injector's pods look like, by their metadata alone. */
export interface PodTally {
  readonly total: number;
  /** Pods that the injector would inject if they were created now. */
  readonly wanted: number;
  /** Of those, the ones without a sidecar. */
  readonly missing: readonly PodGroup[];
  /** Of those, the ones that another revision injected; its name first. */
  readonly ofOthers: readonly (readonly [revision: string, group: PodGroup])[];
  /** The others: injected by this revision. */
  readonly injected: readonly PodGroup[];
}

type Groups = Map<string, PodGroup>;

/**
 * Counts the pods of one injector as their pages arrive, so that memory is for workloads, not for pods. Pods on the host's
 * network must not be among them.
 */
export class PodCounter {
  readonly #installation: Installation;
  readonly #rules: DecisionRules;
  readonly #callers: ReturnType<typeof rememberCallers>;
  readonly #missing: Groups = new Map();
  readonly #others: Groups = new Map();
  readonly #injected: Groups = new Map();
  #total = 0;
  #wanted = 0;

  /** @param rules the injector's own, which decide about pods that reach it */
  constructor(installation: Installation, rules: DecisionRules) {
    this.#installation = installation;
    this.#rules = rules;
    this.#callers = rememberCallers(installation);
  }

  /** Takes a pod, of which metadata is enough. */
  add(pod: JsonObject, namespace: NamespaceFacts): void {
    this.#total++;
    const labels = textsAt(pod, "metadata", "labels");
    const annotations = textsAt(pod, "metadata", "annotations");
    // The kubelet's own pods are shown to the API server, not asked of it.
    if (Object.hasOwn(annotations, "kubernetes.io/config.mirror")) return;
    if (this.#callers(namespace, labels).length === 0) return;
    if (!decide({ metadata: { labels, annotations } }, namespace.name, this.#rules).inject) return;
    this.#wanted++;
    const status = readStatus(annotations);
    if (status === undefined) put(this.#missing, "", pod);
    else if (status.revision !== "" && status.revision !== this.#installation.revision)
      put(this.#others, status.revision, pod);
    else put(this.#injected, annotations["sidecar.istio.io/status"] ?? "", pod);
  }

  get tally(): PodTally {
    return {
      total: this.#total,
      wanted: this.#wanted,
      missing: [...this.#missing.values()],
      ofOthers: [...this.#others].map(([key, group]) => [String(JSON.parse(key)[0]), group] as const),
      injected: [...this.#injected.values()],
    };
  }
}

function put(groups: Groups, kind: string, pod: JsonObject): void {
  const metadata = valueAt(pod, "metadata");
  const owner = detectOwner(isObject(metadata) ? metadata : {});
  const workload = `${owner.kind.toLowerCase()}/${owner.name}`;
  const namespace = textOrEmpty(pod, "metadata", "namespace");
  const createdAt = Date.parse(textOrEmpty(pod, "metadata", "creationTimestamp"));
  const key = JSON.stringify([kind, namespace, workload]);
  const known = groups.get(key);
  const oldest = known === undefined || createdAt < known.createdAt;
  groups.set(key, {
    namespace,
    workload,
    oldest: oldest ? textOrEmpty(pod, "metadata", "name") : known.oldest,
    createdAt: oldest ? createdAt : known.createdAt,
    count: (known?.count ?? 0) + 1,
  });
}
