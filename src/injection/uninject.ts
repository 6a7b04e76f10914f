import {
  deepEqual,
  isObject,
  type JsonObject,
  type JsonValue,
  objectAt,
  objectsAt,
  textAt,
  textsAt,
  withKey,
} from "../json/index.js";
import { readStatus } from "./finish/status.js";
import type { InjectionContext } from "./injection-context.js";
import type { InjectionWarning } from "./injection-result.js";
import { nameOf } from "./name-of.js";
import { containerNames, names } from "./names.js";
import type { Snapshot } from "./snapshot.js";
import { settleMetadata } from "./undo/settle-metadata.js";
import { alwaysWritten, undoMultus, undoPrometheus } from "./undo/undo-metadata.js";
import { readProberTable, undoProbes } from "./undo/undo-probes.js";

export interface UninjectOptions {
  /** The configuration that injected the pod. With it, labels and annotations that depend on it are known. */
  readonly snapshot?: Snapshot;
  readonly context?: InjectionContext;
}

export interface UninjectResult {
  /** Whether the pod was injected. If not, `pod` is the very pod that came in. */
  readonly wasInjected: boolean;
  readonly pod: JsonObject;
  /** What could not be told for sure, or not be restored. */
  readonly warnings: readonly InjectionWarning[];
}

/**
 * Takes injection back: removes what it added, and restores what it replaced from what injection itself wrote down: the
 * status annotation (names), `proxy.istio.io/overrides` (the user's own words on injected containers), the sidecar's
 * table of probes and its Prometheus settings. What is written down nowhere is in the table of lost facts in
 * docs/manifests.md. Never throws.
 */
export function uninject(pod: JsonObject, options: UninjectOptions = {}): UninjectResult {
  const annotations = textsAt(pod, "metadata", "annotations");
  const status = readStatus(annotations);
  if (status === undefined) return { wasInjected: false, pod, warnings: [] };
  const warnings: InjectionWarning[] = [];
  const warn = (message: string): number => warnings.push({ code: "uninject", message });
  if (!status.readable)
    warn(`${names.status}: cannot be read, so injected containers and volumes are not known`);
  const bare = withoutInjected(pod, status, warn);
  const cni = status.initContainers.includes(containerNames.validation);
  return { wasInjected: true, pod: settleMetadata(pod, bare, { ...options, cni }, warn), warnings };
}

type Warn = (message: string) => unknown;
type Status = NonNullable<ReturnType<typeof readStatus>>;

/** The pod without containers, volumes and secrets of the injection, and with its own probes and Prometheus settings. */
function withoutInjected(pod: JsonObject, status: Status, warn: Warn): JsonObject {
  const spec = objectAt(pod, "spec") ?? {};
  const metadata = objectAt(pod, "metadata") ?? {};
  const all = [...objectsAt(spec, "containers"), ...objectsAt(spec, "initContainers")];
  const sidecar = all.find((container) => nameOf(container) === containerNames.proxy);
  const recorded = readRecorded(textAt(objectAt(metadata, "annotations"), names.overrides), warn);
  const table = readProberTable(variable(sidecar, "ISTIO_KUBE_APP_PROBERS") ?? "") ?? {};
  let result = spec;
  for (const list of ["containers", "initContainers"] as const) {
    const restored = restoredContainers(spec, list, status, recorded);
    const done = restored.map((container) =>
      undoProbes(container, table, (field) =>
        warn(
          `${field} of container ${nameOf(container)}: the original is recorded nowhere, so it stays rewritten`,
        ),
      ),
    );
    if (Object.hasOwn(spec, list) || done.length > 0)
      result = withKey(result, list, emptied(spec, list, done));
  }
  for (const list of ["volumes", "imagePullSecrets"] as const) {
    if (!Object.hasOwn(spec, list)) continue;
    const kept = objectsAt(spec, list).filter((item) => !status[list].includes(nameOf(item)));
    result = withKey(result, list, emptied(spec, list, kept));
  }
  const own = objectAt(metadata, "annotations") ?? {};
  const prometheus = readProberTable(variable(sidecar, "ISTIO_PROMETHEUS_ANNOTATIONS") ?? "");
  let annotations = undoMultus(undoPrometheus(own, prometheus));
  for (const key of alwaysWritten) annotations = withKey(annotations, key, undefined);
  return {
    ...pod,
    metadata: withKey(metadata, "annotations", annotations),
    spec: withoutGatewaySysctl(result),
  };
}

/** A list that has lost everything is gone, but `containers` is a field that every pod has. */
function emptied(spec: JsonObject, list: string, items: JsonObject[]): JsonObject[] | undefined {
  if (items.length > 0 || list === "containers") return items;
  const before = spec[list];
  return Array.isArray(before) && before.length === 0 ? items : undefined;
}

interface Recorded {
  readonly containers: readonly JsonObject[];
  readonly initContainers: readonly JsonObject[];
}

function readRecorded(text: string | undefined, warn: Warn): Recorded {
  if (text === undefined) return { containers: [], initContainers: [] };
  try {
    const tree: JsonValue = JSON.parse(text);
    if (isObject(tree))
      return { containers: objectsAt(tree, "containers"), initContainers: objectsAt(tree, "initContainers") };
  } catch {
    // Said below.
  }
  warn(`${names.overrides}: cannot be read, so your own settings of injected containers are lost`);
  return { containers: [], initContainers: [] };
}

/**
 * The user's own containers of a list. What the user said of an injected container is put where that container stands.
 * A native sidecar's settings go under `containers`, where Istio wants them, unless they are those of a native sidecar.
 */
function restoredContainers(
  spec: JsonObject,
  list: "containers" | "initContainers",
  status: Status,
  recorded: Recorded,
): JsonObject[] {
  const moved = recorded.initContainers.filter(isRegularProxy);
  const mine =
    list === "containers"
      ? [...recorded.containers, ...moved]
      : recorded.initContainers.filter((c) => !isRegularProxy(c));
  const present = new Set(objectsAt(spec, list).map(nameOf));
  const kept = objectsAt(spec, list).flatMap((container) => {
    const own = mine.find((one) => nameOf(one) === nameOf(container));
    if (own !== undefined) return [asWritten(own)];
    return status[list].includes(nameOf(container)) ? [] : [container];
  });
  return [...kept, ...mine.filter((own) => !present.has(nameOf(own))).map(asWritten)];
}

function isRegularProxy(container: JsonObject): boolean {
  return nameOf(container) === containerNames.proxy && container.restartPolicy === undefined;
}

/**
 * A container as it was recorded. Without an image it had the image `auto`, for Kubernetes takes none without; `resources` is
 * recorded even when nobody has set it.
 */
function asWritten(container: JsonObject): JsonObject {
  if (textAt(container, "image") !== undefined) return withoutEmptyResources(container);
  const { name, ...rest } = container;
  return { ...(name === undefined ? {} : { name }), image: "auto", ...withoutEmptyResources(rest) };
}

function withoutEmptyResources(container: JsonObject): JsonObject {
  const resources = objectAt(container, "resources");
  return resources !== undefined && Object.keys(resources).length === 0
    ? withKey(container, "resources", undefined)
    : container;
}

function variable(container: JsonObject | undefined, name: string): string | undefined {
  return textAt(
    objectsAt(container, "env").find((one) => nameOf(one) === name),
    "value",
  );
}

const gatewaySysctl: JsonValue = [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }];

/** The gateway template lets the proxy listen on low ports by a sysctl. */
function withoutGatewaySysctl(spec: JsonObject): JsonObject {
  const context = objectAt(spec, "securityContext");
  if (context === undefined || !deepEqual(context.sysctls ?? null, gatewaySysctl)) return spec;
  const rest = withKey(context, "sysctls", undefined);
  return withKey(spec, "securityContext", Object.keys(rest).length === 0 ? undefined : rest);
}
