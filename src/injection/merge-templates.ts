import type { Template } from "../gotemplate/index.js";
import { isObject, type JsonObject } from "../json/index.js";
import { decodePod, KubeError } from "../kube/index.js";
import { podMergeSchema, StrategicMergeError, strategicMerge, tolerant } from "../strategicmerge/index.js";
import { InjectionError } from "./injection-error.js";
import { containerNames } from "./names.js";
import { wantsNativeSidecar } from "./native-sidecars.js";
import { type Container, podOf, treeOf } from "./pod.js";
import { type PartialPod, type RenderSettings, type RenderSubject, renderPartialPod } from "./render.js";

/** A pod with templates merged on it, and what the templates alone make. */
export interface MergedPod {
  readonly pod: JsonObject;
  /** The templates merged on an empty pod: it tells which containers and volumes are injected. */
  readonly templatePod: JsonObject;
  /** What the only template made, where there is one and its output is plain. */
  readonly only: PartialPod | undefined;
}

const schema = tolerant(podMergeSchema);

/**
 * Merges a partial pod into a pod; `plain` says that it is known to be a plain patch.
 * Throws InjectionError `merge-failed`, whose text starts with `stage`.
 *
 * Decided in ADR 0005.
 */
export function mergePod(pod: JsonObject, patch: JsonObject, stage: string, plain = false): JsonObject {
  try {
    const merged = strategicMerge(pod, patch, schema, plain);
    return isObject(merged) ? merged : {};
  } catch (cause) {
    if (!(cause instanceof StrategicMergeError)) throw cause;
    throw new InjectionError("merge-failed", `${stage}strategic merge: ${cause.message}`, { cause });
  }
}

/**
 * Renders each template and merges it on the pod and on an empty one: 7.1.
 * `detected` tells whether the cluster runs native sidecars.
 */
export function mergeTemplates(
  pod: JsonObject,
  templates: readonly Template[],
  subject: RenderSubject,
  settings: RenderSettings & { readonly detected: boolean },
): MergedPod {
  const stage = "failed to run injection template: failed applying injection overlay: ";
  let merged = pod;
  let templatePod: JsonObject | undefined;
  let allPlain = true;
  let only: PartialPod | undefined;
  for (const template of templates) {
    const rendered = renderPartialPod(template, subject, settings);
    settings.budget.check();
    const { partial, plain } = rendered;
    // On an empty pod a plain patch makes what it is itself.
    templatePod =
      plain && templatePod === undefined ? partial : mergePod(templatePod ?? {}, partial, stage, plain);
    merged = mergePod(moveToInit(merged, templatePod, settings.detected), partial, stage, plain);
    allPlain &&= plain;
    only = plain && templates.length === 1 ? rendered : undefined;
  }
  const made = { pod: merged, templatePod: templatePod ?? {}, only };
  // What was decoded and has no null is decoded after a merge too.
  return allPlain
    ? made
    : { pod: decodeMerged(made.pod), templatePod: decodeMerged(made.templatePod), only: undefined };
}

/** Nulls inside items that a template appended have deleted nothing and must not stay. */
function decodeMerged(pod: JsonObject): JsonObject {
  try {
    return decodePod(pod);
  } catch (cause) {
    if (!(cause instanceof KubeError)) throw cause;
    throw new InjectionError(
      "template-output-invalid",
      `failed to run injection template: ${cause.message}`,
      { cause },
    );
  }
}

/**
 * Where the sidecar is native, what a user says of istio-proxy under `containers` is moved to the init containers,
 * so that one manifest serves both ways: 7.4.
 */
function moveToInit(tree: JsonObject, templatePod: JsonObject, detected: boolean): JsonObject {
  const pod = podOf(tree);
  const proxy = pod.spec?.containers?.find(isProxy);
  if (proxy === undefined || !podOf(templatePod).spec?.initContainers?.some(isProxy)) return tree;
  if (!wantsNativeSidecar(pod.metadata?.annotations ?? {}, detected)) return tree;
  return treeOf({
    ...pod,
    spec: {
      ...pod.spec,
      containers: (pod.spec?.containers ?? []).filter((container) => !isProxy(container)),
      initContainers: [...(pod.spec?.initContainers ?? []), proxy],
    },
  });
}

function isProxy(container: Container): boolean {
  return container.name === containerNames.proxy;
}
