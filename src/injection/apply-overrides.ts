import type { JsonObject, JsonValue } from "../json/index.js";
import { goOrderedJson } from "../kube/index.js";
import type { ReadStatus } from "./finish/status.js";
import { InjectionError } from "./injection-error.js";
import { type MergedPod, mergePod } from "./merge-templates.js";
import { containerNames, names } from "./names.js";
import { type Container, containersByName, type PodSpec, podOf, treeOf } from "./pod.js";
import type { RecordedOverrides } from "./recorded-overrides.js";
import type { RequestLimits } from "./request-limits.js";

/** The image that stands for "whatever the template says". */
const anyImage = "auto";

/** The user's words on one container, without the image that means none. */
function ownWords(container: Container): Container {
  if (container.image !== anyImage) return container;
  const { image: _image, ...kept } = container;
  return kept;
}

interface Sources {
  /** Names that an earlier injection put in: the pod's own container of such a name is not the user's. */
  readonly injected: readonly string[];
  readonly recorded: readonly Container[];
  /** What came in; only the lists in which this container may stand. */
  readonly own: Pick<PodSpec, "containers" | "initContainers">;
}

/** What the user said of each container that the templates define. */
function findOverrides(defined: readonly Container[], { injected, recorded, own }: Sources): Container[] {
  const overrides: Container[] = [];
  const again = new Set(injected);
  const recordedNamed = containersByName({ containers: recorded });
  const ownNamed = containersByName(own);
  for (const { name } of defined) {
    const remembered = recordedNamed(name);
    const found =
      remembered && again.has(name) && name !== containerNames.proxy ? withoutProbes(remembered) : remembered;
    const words = found ?? (again.has(name) ? undefined : ownNamed(name));
    if (words !== undefined) overrides.push(ownWords(words));
  }
  return overrides;
}

/**
 * The probes and hooks of a container that an earlier injection has rewritten. The pod holds them in their new form;
 * laying the old over it would leave a probe with two handlers.
 */
function withoutProbes(container: Container): Container {
  const {
    livenessProbe: _live,
    readinessProbe: _ready,
    startupProbe: _start,
    lifecycle: _life,
    ...kept
  } = container;
  return kept;
}

function overridesText(containers: readonly string[], initContainers: readonly string[]): string {
  const json = (list: readonly string[]) => `[${list.join(",")}]`;
  const parts = [
    ...(containers.length > 0 ? [`"containers":${json(containers)}`] : []),
    ...(initContainers.length > 0 ? [`"initContainers":${json(initContainers)}`] : []),
  ];
  return `{${parts.join(",")}}`;
}

/** What there is beside the pod. */
interface OverrideSettings {
  readonly recorded: RecordedOverrides;
  readonly status: ReadStatus | undefined;
  readonly limits: Pick<RequestLimits, "annotationBytes">;
}

/**
 * Lays the user's own definition of injected containers over the templates' again, and remembers it: 7.5.
 * `incoming` is the pod that came in. What was recorded by an earlier injection counts for containers that the status
 * lists too; Istio forgets it there. A status that cannot be read lists nothing, so that the user's words are recorded then too.
 */
export function applyOverrides(
  { pod, templatePod }: MergedPod,
  incoming: JsonObject,
  { recorded, status, limits }: OverrideSettings,
): JsonObject {
  const defined = podOf(templatePod).spec ?? {};
  const own = podOf(incoming).spec ?? {};
  const containers = findOverrides(defined.containers ?? [], {
    injected: status?.containers ?? [],
    recorded: recorded.containers,
    own: { containers: own.containers ?? [] },
  });
  const initContainers = findOverrides(defined.initContainers ?? [], {
    injected: status?.initContainers ?? [],
    recorded: recorded.initContainers,
    // A native sidecar takes what a user wrote about it under `containers`.
    own,
  });
  if (containers.length + initContainers.length === 0) return pod;
  checkWords([...containers, ...initContainers], limits.annotationBytes);
  const texts = containers.map(encoded);
  const initTexts = initContainers.map(encoded);
  const patch = {
    ...(status?.readable !== true
      ? { metadata: { annotations: { [names.overrides]: overridesText(texts, initTexts) } } }
      : {}),
    spec: {
      ...(texts.length > 0 ? { containers: texts.map(decoded) } : {}),
      ...(initTexts.length > 0 ? { initContainers: initTexts.map(decoded) } : {}),
    },
  };
  return mergePod(pod, patch, "failed to re apply container: ");
}

/**
 * What the user said of injected containers is kept in an annotation, and Kubernetes takes no more of all of them together.
 * Throws InjectionError `pod-too-large`.
 */
function checkWords(containers: readonly Container[], limit: number): void {
  if (limit === Number.POSITIVE_INFINITY) return;
  let size = 0;
  for (const container of containers) size += lengthOf(treeOf(container));
  if (size <= limit) return;
  const all = [...new Set(containers.map(({ name }) => name))].slice(0, 4).join(", ");
  throw new InjectionError(
    "pod-too-large",
    `what the pod itself says of injected containers (${all}) has ${size} characters; it is kept in the annotation ${names.overrides}, and Kubernetes takes ${limit} bytes of annotations at most`,
  );
}

/** The length of the texts in a tree: its JSON is longer than that. */
function lengthOf(tree: JsonValue): number {
  if (typeof tree === "string") return tree.length;
  if (typeof tree !== "object" || tree === null) return 1;
  if (Array.isArray(tree)) return tree.reduce<number>((length, item) => length + lengthOf(item), 0);
  return Object.keys(tree).reduce((length, key) => length + key.length + lengthOf(tree[key] ?? null), 0);
}

/** The container as it is encoded: a zero value is not there and so overrides nothing. */
function encoded(container: Container): string {
  return goOrderedJson("Container", treeOf(container));
}

function decoded(text: string): JsonObject {
  return JSON.parse(text);
}
