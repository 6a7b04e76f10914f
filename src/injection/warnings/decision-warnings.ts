import type { InjectionWarning } from "../injection-result.js";
import { names } from "../names.js";

type TextMap = Readonly<Record<string, string>>;

function own(map: TextMap, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** What is odd in the words by which a pod asks for injection or forbids it. */
export function decisionWarnings(
  labels: TextMap,
  annotations: TextMap,
  hostNetwork: boolean,
): readonly InjectionWarning[] {
  const warnings: InjectionWarning[] = [];
  const label = own(labels, names.inject);
  const annotation = own(annotations, names.inject);
  const counted = label ?? annotation;
  if (counted !== undefined && counted !== "" && counted !== "true" && counted !== "false") {
    const kind = label === undefined ? "annotation" : "label";
    warnings.push({
      code: "inject-value",
      message: `${names.inject}: the ${kind} is ${JSON.stringify(counted)}, neither true nor false`,
    });
  }
  if (label !== undefined && annotation !== undefined && label !== annotation) {
    warnings.push({
      code: "inject-disagrees",
      message: `${names.inject}: label ${JSON.stringify(label)} and annotation ${JSON.stringify(annotation)} disagree; the label counts`,
    });
  }
  if (hostNetwork && counted === "true") {
    warnings.push({
      code: "host-network",
      message: `${names.inject}: asked for, but a pod with hostNetwork is never injected`,
    });
  }
  return warnings;
}

/**
 * Labels of the pod that its namespace's labels make void: the webhook entries look at both, and the namespace's word
 * comes first.
 *
 * @param namespace the labels of the pod's namespace
 */
export function namespaceWarnings(labels: TextMap, namespace: TextMap): readonly InjectionWarning[] {
  const warnings: InjectionWarning[] = [];
  const injection = own(namespace, "istio-injection");
  const namespaceRevision = own(namespace, "istio.io/rev");
  const revision = own(labels, "istio.io/rev");
  if (injection !== undefined && injection !== "enabled" && own(labels, names.inject) === "true") {
    warnings.push({
      code: "namespace-conflict",
      message: `${names.inject}: has no effect, because the namespace has istio-injection=${injection}`,
    });
  }
  if (revision !== undefined && injection !== undefined) {
    warnings.push({
      code: "namespace-conflict",
      message: `istio.io/rev: has no effect, because the namespace has istio-injection=${injection}`,
    });
  } else if (revision !== undefined && namespaceRevision !== undefined && revision !== namespaceRevision) {
    warnings.push({
      code: "namespace-conflict",
      message: `istio.io/rev: has no effect, because the namespace has istio.io/rev=${namespaceRevision}`,
    });
  }
  return warnings;
}
