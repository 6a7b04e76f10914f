import { deepEqual, getOwn, type JsonObject, type JsonValue } from "../../json/index.js";
import { readWebhookConfiguration, type WebhookConfiguration } from "../webhook-configuration.js";
import { savedSelectorsAnnotation } from "./deactivate.js";
import type { Revision } from "./find-revision.js";
import { withoutGuard } from "./guard.js";
import { defaultName, tagEntries } from "./tag-entries.js";

/** What a tag is made of. */
export interface TagObjectOptions {
  readonly tag: string;
  readonly revision: Revision;
  /** For the tag `default`: also pods and namespaces that say nothing. */
  readonly everywhere: boolean;
  /** The name of the object that is the tag already; absent: it gets Istio's name. */
  readonly objectName?: string;
}

/** Annotations that are about the one object that carries them. */
const ownAnnotations: readonly string[] = [
  savedSelectorsAnnotation,
  "kubectl.kubernetes.io/last-applied-configuration",
];

/**
 * The MutatingWebhookConfiguration of a revision tag, as istioctl makes it (docs/behaviour.md#revision-tags): the selectors of the tag, with all
 * else that an entry says, the labels and the annotations as the revision's own webhook has them.
 */
export function tagObject({ tag, revision, everywhere, objectName }: TagObjectOptions): JsonObject {
  const { configuration, model } = revision;
  const { app: _app, ...labels } = configuration.labels;
  const annotations = Object.fromEntries(
    Object.entries(configuration.annotations).filter(([key]) => !ownAnnotations.includes(key)),
  );
  return withoutGuard({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: {
      name: objectName ?? `istio-revision-tag-${tag}${namespaceSuffix(revision)}`,
      labels: { ...labels, app: "sidecar-injector", "istio.io/rev": revision.name, "istio.io/tag": tag },
      annotations,
    },
    webhooks: tagEntries(tag, everywhere).map((entry) => ({ ...model.source, ...entry })),
  });
}

/** The namespace of the injector, where that is not Istio's usual one, as a suffix of names. */
function namespaceSuffix({ name, configuration, model }: Revision): string {
  if (model.service !== undefined)
    return model.service.namespace === "istio-system" ? "" : `-${model.service.namespace}`;
  // An injector outside the cluster: the revision's own object has the same suffix.
  const own = `istio-sidecar-injector${name === defaultName ? "" : `-${name}`}`;
  return configuration.name.startsWith(`${own}-`) ? configuration.name.slice(own.length) : "";
}

/** Whether an object is as wanted. Labels and annotations beyond those do not count. */
export function isAsWanted(found: WebhookConfiguration, object: JsonObject): boolean {
  const wanted = readWebhookConfiguration(object);
  return (
    includes(found.labels, wanted.labels) &&
    includes(found.annotations, wanted.annotations) &&
    deepEqual(webhooksOf(found.source), webhooksOf(object))
  );
}

/** The wanted object in the place of one that is there: what is neither label nor annotation of its metadata stays. */
export function inPlaceOf(found: WebhookConfiguration, object: JsonObject): JsonObject {
  const wanted = readWebhookConfiguration(object);
  const metadata = getOwn(found.source, "metadata");
  const labels = { ...wanted.labels };
  const annotations = { ...wanted.annotations };
  const before = typeof metadata === "object" && !Array.isArray(metadata) ? metadata : {};
  return { ...object, metadata: { ...before, labels, annotations } };
}

function webhooksOf(object: JsonObject): JsonValue {
  return getOwn(object, "webhooks") ?? null;
}

function includes(all: Readonly<Record<string, string>>, some: Readonly<Record<string, string>>): boolean {
  return Object.entries(some).every(([key, value]) => getOwn(all, key) === value);
}
