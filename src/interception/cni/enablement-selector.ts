/** One requirement of a label selector. */
interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A Kubernetes label selector, as the plugin's configuration holds it. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

/** A pair of selectors; both parts must match, an absent part matches everything. */
export interface EnablementSelector {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
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

function meets(requirement: Requirement, labels: ReadonlyMap<string, string>): boolean {
  const value = labels.get(requirement.key);
  const listed = value !== undefined && (requirement.values ?? []).includes(value);
  switch (requirement.operator) {
    case "In":
      return listed;
    case "NotIn":
      return !listed;
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

function matches(selector: LabelSelector | undefined, labels: ReadonlyMap<string, string>): boolean {
  if (selector === undefined) return true;
  const wanted = Object.entries(selector.matchLabels ?? {});
  return (
    wanted.every(([key, value]) => labels.get(key) === value) &&
    (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels))
  );
}

/** Whether one of the selectors matches both the pod's and the namespace's labels. */
export function selectsForAmbient(
  selectors: readonly EnablementSelector[],
  podLabels: ReadonlyMap<string, string>,
  namespaceLabels: ReadonlyMap<string, string>,
): boolean {
  return selectors.some(
    (selector) =>
      matches(selector.podSelector, podLabels) && matches(selector.namespaceSelector, namespaceLabels),
  );
}
