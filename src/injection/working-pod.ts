import type { JsonObject, JsonValue } from "../kube/index.js";
import { setOwn } from "../kube/index.js";
import { type Container, findContainer, podOf } from "./pod.js";

/**
 * A pod between merge and answer. Its maps and lists are its own and may be changed;
 * a container may be shared with the pod that came in, so one is replaced and never changed.
 */
export class WorkingPod {
  readonly labels: Map<string, string>;
  readonly annotations: Map<string, string>;
  containers: Container[];
  initContainers: Container[];
  private readonly hadContainers: boolean;

  constructor(private readonly tree: JsonObject) {
    const { metadata, spec } = podOf(tree);
    this.labels = new Map(Object.entries(metadata?.labels ?? {}));
    this.annotations = new Map(Object.entries(metadata?.annotations ?? {}));
    this.hadContainers = spec?.containers !== undefined;
    this.containers = [...(spec?.containers ?? [])];
    this.initContainers = [...(spec?.initContainers ?? [])];
  }

  /** The first container of this name: regular ones before init containers. */
  find(name: string): Container | undefined {
    return findContainer(this, name);
  }

  /** Puts another container in the place of this one. */
  replace(old: Container, replacement: Container): void {
    this.containers = this.containers.map((container) => (container === old ? replacement : container));
    this.initContainers = this.initContainers.map((container) =>
      container === old ? replacement : container,
    );
  }

  /** Applies a change to every container, init containers first. */
  mapContainers(change: (container: Container) => Container): void {
    this.initContainers = this.initContainers.map(change);
    this.containers = this.containers.map(change);
  }

  /** The value of a field of the pod's spec that injection does not change. */
  specField(name: string): JsonValue | undefined {
    const spec = this.tree.spec;
    return spec !== null && typeof spec === "object" && !Array.isArray(spec) && Object.hasOwn(spec, name)
      ? spec[name]
      : undefined;
  }

  /** The pod as a tree. Keys keep their order; empty maps and lists that were not there do not appear. */
  toTree(): JsonObject {
    const metadata = replaceKeys(objectAt(this.tree, "metadata"), {
      labels: this.labels.size > 0 ? fromMap(this.labels) : undefined,
      annotations: this.annotations.size > 0 ? fromMap(this.annotations) : undefined,
    });
    const spec = replaceKeys(objectAt(this.tree, "spec"), {
      initContainers: this.initContainers.length > 0 ? this.list("initContainers") : undefined,
      containers: this.containers.length > 0 || this.hadContainers ? this.list("containers") : undefined,
    });
    return replaceKeys(this.tree, { metadata, spec });
  }

  /** The containers as a tree: the list that was there where it is the same, so that nobody need compare it. */
  private list(field: "containers" | "initContainers"): JsonValue {
    const before = podOf(this.tree).spec?.[field];
    return listTree(before !== undefined && sameItems(before, this[field]) ? before : [...this[field]]);
  }
}

function sameItems(a: readonly Container[], b: readonly Container[]): boolean {
  return a.length === b.length && a.every((container, index) => container === b[index]);
}

function objectAt(tree: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(tree, key) ? tree[key] : undefined;
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

function fromMap(map: ReadonlyMap<string, string>): JsonObject {
  const tree: JsonObject = {};
  for (const [key, value] of map) setOwn(tree, key, value);
  return tree;
}

function listTree(containers: readonly Container[]): JsonValue {
  return containers as unknown as JsonValue;
}

/** A shallow copy with these keys set, or left out where the value is undefined. None of them is `__proto__`. */
function replaceKeys(tree: JsonObject, values: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const copy = { ...tree };
  for (const key of Object.keys(values)) {
    const value = values[key];
    if (value !== undefined) copy[key] = value;
    else if (Object.hasOwn(copy, key)) delete copy[key];
  }
  return copy;
}
