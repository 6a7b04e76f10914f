import type { JsonValue } from "../../json/index.js";
import { compileSelector } from "../../kube/index.js";
import type { Texts } from "../settings/pod-view.js";

/** A pair of Kubernetes label selectors; both parts must match, an absent part matches everything. */
export interface EnablementSelector {
  readonly podSelector?: JsonValue;
  readonly namespaceSelector?: JsonValue;
}

/** Which pods ambient mode takes by default: labelled themselves, or in a labelled namespace and not opted out. */
export const defaultEnablementSelectors: readonly EnablementSelector[] = [
  { podSelector: { matchLabels: { "istio.io/dataplane-mode": "ambient" } } },
  {
    podSelector: {
      matchExpressions: [{ key: "istio.io/dataplane-mode", operator: "NotIn", values: ["none"] }],
    },
    namespaceSelector: { matchLabels: { "istio.io/dataplane-mode": "ambient" } },
  },
];

/** A selector that cannot be read matches nothing. */
function matches(selector: JsonValue | undefined, labels: Texts): boolean {
  if (selector === undefined) return true;
  const compiled = compileSelector(selector);
  return compiled.ok && compiled.matches(Object.fromEntries(labels));
}

/** Whether one of the selectors matches both the pod's and the namespace's labels. */
export function selectsForAmbient(
  selectors: readonly EnablementSelector[],
  podLabels: Texts,
  namespaceLabels: Texts,
): boolean {
  return selectors.some(
    (selector) =>
      matches(selector.podSelector, podLabels) && matches(selector.namespaceSelector, namespaceLabels),
  );
}
