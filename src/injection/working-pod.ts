import { getOwn, type JsonObject, type JsonValue, joined, objectAt, setOwn, valueAt } from "../json/index.js";
import { type Container, findContainer, podOf } from "./pod.js";

/** The labels or annotations of a pod: those of the pod itself until one is changed, then a copy of its own. */
export class Texts {
  private copy: Record<string, string> | undefined;
  /** Whether there is one for sure. */
  private filled = false;

  constructor(private texts: Readonly<Record<string, string>>) {}

  get(name: string): string | undefined {
    return getOwn(this.texts, name);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.texts, name);
  }

  names(): string[] {
    return Object.keys(this.texts);
  }

  set(name: string, value: string): void {
    setOwn(this.own(), name, value);
    this.filled = true;
  }

  delete(name: string): void {
    delete this.own()[name];
    this.filled = false;
  }

  /** All of them as a tree; undefined where there is none. */
  toTree(): JsonObject | undefined {
    return this.filled || this.names().length > 0 ? this.texts : undefined;
  }

  private own(): Record<string, string> {
    if (this.copy === undefined) {
      this.copy = joined(this.texts, noTexts);
      this.texts = this.copy;
    }
    return this.copy;
  }
}

const noTexts: Readonly<Record<string, string>> = {};
const noContainers: readonly Container[] = [];

/**
 * A pod between merge and answer. Its labels and annotations may be changed. Its lists of containers and the containers
 * may be shared with the pod that came in, so they are replaced and never changed.
 */
export class WorkingPod {
  readonly labels: Texts;
  readonly annotations: Texts;
  containers: readonly Container[];
  initContainers: readonly Container[];
  private readonly hadContainers: boolean;

  constructor(private readonly tree: JsonObject) {
    const { metadata, spec } = podOf(tree);
    this.labels = new Texts(metadata?.labels ?? noTexts);
    this.annotations = new Texts(metadata?.annotations ?? noTexts);
    this.hadContainers = spec?.containers !== undefined;
    this.containers = spec?.containers ?? noContainers;
    this.initContainers = spec?.initContainers ?? noContainers;
  }

  /** The first container of this name: regular ones before init containers. */
  find(name: string): Container | undefined {
    return findContainer(this, name);
  }

  /** Puts another container in the place of this one. */
  replace(old: Container, replacement: Container): void {
    this.mapContainers((container) => (container === old ? replacement : container));
  }

  /** Applies a change to every container, init containers first. */
  mapContainers(change: (container: Container) => Container): void {
    this.initContainers = mapped(this.initContainers, change);
    this.containers = mapped(this.containers, change);
  }

  /** The value of a field of the pod's spec that injection does not change. */
  specField(name: string): JsonValue | undefined {
    return valueAt(this.tree, "spec", name);
  }

  /** The pod as a tree. Keys keep their order; empty maps and lists that were not there do not appear. */
  toTree(): JsonObject {
    const { initContainers, containers } = this;
    const metadata = { ...objectAt(this.tree, "metadata") };
    replaceKey(metadata, "labels", this.labels.toTree());
    replaceKey(metadata, "annotations", this.annotations.toTree());
    const spec = { ...objectAt(this.tree, "spec") };
    replaceKey(spec, "initContainers", initContainers.length > 0 ? listTree(initContainers) : undefined);
    const keeps = containers.length > 0 || this.hadContainers;
    replaceKey(spec, "containers", keeps ? listTree(containers) : undefined);
    return { ...this.tree, metadata, spec };
  }
}

/** The list with each container changed; the list itself where that changes none, so that nobody need compare it. */
function mapped(
  containers: readonly Container[],
  change: (container: Container) => Container,
): readonly Container[] {
  let copy: Container[] | undefined;
  let index = 0;
  for (const container of containers) {
    const changed = change(container);
    if (copy === undefined && changed !== container) copy = containers.slice(0, index);
    copy?.push(changed);
    index++;
  }
  return copy ?? containers;
}

function listTree(containers: readonly Container[]): JsonValue {
  return containers as unknown as JsonValue;
}

/** Sets a key, or takes it away where the value is undefined. It is not `__proto__`. */
function replaceKey(tree: JsonObject, key: string, value: JsonValue | undefined): void {
  if (value !== undefined) tree[key] = value;
  else if (Object.hasOwn(tree, key)) delete tree[key];
}
