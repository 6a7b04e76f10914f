import { InjectionError, inject, type Snapshot } from "../injection/index.js";
import { isObject, type JsonObject } from "../json/index.js";
import { ReloadError } from "./reload-error.js";
import { samplePods } from "./sample-pods.js";

/** Templates of Istio's configuration that its gateway controller renders, with data no pod injector has. */
const notForPods: ReadonlySet<string> = new Set([
  "waypoint",
  "kube-gateway",
  "agentgateway",
  "agentgateway-waypoint",
]);

/**
 * Injects the sample pods, so that a template that parses but cannot run is found before a pod finds it. The default
 * templates meet every kind of pod, so they must do for each sample; any other may be made for pods of its own kind,
 * so it must do for one.
 *
 * @throws ReloadError `samples` that names the template and the sample
 *
 * Decided in ADR 0203.
 */
export function tryTemplates(snapshot: Snapshot): void {
  const others = snapshot.templateNames.filter(
    (name) => !notForPods.has(name) && !snapshot.defaultTemplates.includes(name),
  );
  if (snapshot.templateNames.length > 0) tryOnEach(snapshot);
  for (const name of others) tryOnAny(snapshot, name);
}

function tryOnEach(snapshot: Snapshot): void {
  for (const [sample, pod] of samplePods) {
    const fault = tryOn(snapshot, pod);
    if (fault !== undefined) throw refusal(snapshot.defaultTemplates.join(","), sample, fault);
  }
}

function tryOnAny(snapshot: Snapshot, template: string): void {
  const faults = samplePods.map(([, pod]) =>
    tryOn(snapshot, annotated(pod, { "inject.istio.io/templates": template })),
  );
  const [first] = faults;
  if (first !== undefined && faults.every((fault) => fault !== undefined)) {
    throw refusal(template, "any sample pod", first);
  }
}

function tryOn(snapshot: Snapshot, pod: JsonObject): InjectionError | undefined {
  try {
    const asked = labelled(pod, { "sidecar.istio.io/inject": "true" });
    const result = inject(asked, { namespace: "default", now: () => 0, random: () => 0.5 }, snapshot);
    // The patch is computed on demand, and it too can fail.
    void result.patch;
    return undefined;
  } catch (error) {
    if (error instanceof InjectionError) return error;
    throw error;
  }
}

function labelled(pod: JsonObject, labels: JsonObject): JsonObject {
  return withMetadata(pod, "labels", labels);
}

function annotated(pod: JsonObject, annotations: JsonObject): JsonObject {
  return withMetadata(pod, "annotations", annotations);
}

function withMetadata(pod: JsonObject, key: "labels" | "annotations", added: JsonObject): JsonObject {
  const metadata = isObject(pod.metadata) ? pod.metadata : {};
  const there = isObject(metadata[key]) ? metadata[key] : {};
  return { ...pod, metadata: { ...metadata, [key]: { ...there, ...added } } };
}

function refusal(template: string, sample: string, cause: InjectionError): ReloadError {
  const key = `templates.${template}`;
  return new ReloadError("samples", `cannot inject ${sample}: ${cause.message}`, { key }, { cause });
}
