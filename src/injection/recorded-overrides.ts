import { jsonParse } from "../goyaml/index.js";
import { isObject } from "../json/index.js";
import { decodeContainers, KubeError } from "../kube/index.js";
import { InjectionError } from "./injection-error.js";
import { names } from "./names.js";
import { type Container, containersOf } from "./pod.js";

/** What the annotation `proxy.istio.io/overrides` remembers: the user's own words on injected containers. */
export interface RecordedOverrides {
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
}

/**
 * Reads the annotation; nothing when there is none. Throws InjectionError `overrides-invalid`.
 *
 * Decided in ADR 0002.
 */
export function readOverrides(annotations: Readonly<Record<string, string>>): RecordedOverrides {
  if (!Object.hasOwn(annotations, names.overrides)) return { containers: [], initContainers: [] };
  try {
    const tree = jsonParse(annotations[names.overrides] ?? "");
    const list = (key: string) =>
      containersOf(isObject(tree) && Object.hasOwn(tree, key) ? decodeContainers(tree[key]) : undefined);
    return { containers: list("containers"), initContainers: list("initContainers") };
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof KubeError || cause instanceof Error)) throw cause;
    throw new InjectionError(
      "overrides-invalid",
      `failed to run injection template: the annotation ${names.overrides} cannot be read: ${cause.message}`,
      { cause },
    );
  }
}
