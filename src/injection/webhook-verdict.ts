import { getOwn, isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { compileSelector, type SelectorResult } from "../kube/index.js";

type Labels = Readonly<Record<string, string>>;

/** What one entry of a MutatingWebhookConfiguration says to a pod. */
export interface EntryVerdict {
  readonly name: string;
  readonly namespaceMatches: boolean;
  readonly objectMatches: boolean;
  /** Whether its rules cover the creation of pods at all. */
  readonly coversPods: boolean;
  /** Whether the API server calls the injector through this entry, its matchConditions aside. */
  readonly matches: boolean;
  /** The label that decided on each side, as `key=value`. */
  readonly namespaceLabel?: string;
  readonly podLabel?: string;
  /** Its CEL expressions. They are not evaluated: each must be true for the call. */
  readonly matchConditions: readonly string[];
  /** The selectors as `kubectl` writes them, or what is wrong with one. */
  readonly namespaceSelector: string;
  readonly objectSelector: string;
}

/** What one MutatingWebhookConfiguration says to a pod. */
export interface WebhookVerdict {
  /** The name of the object. */
  readonly configuration: string;
  /** Its label `istio.io/rev`; empty when it has none. */
  readonly revision: string;
  /** Its label `istio.io/tag`; empty when it has none. */
  readonly tag: string;
  /** Whether the API server calls the injector: some entry matches. */
  readonly called: boolean;
  /** Why, in the words of istioctl's check-inject. */
  readonly reason: string;
  readonly entries: readonly EntryVerdict[];
}

/**
 * The configurations of Istio's injector among objects: those with an entry whose name ends in `istio.io`, Lists opened,
 * sorted by name as check-inject prints them.
 */
export function injectorWebhooks(objects: readonly JsonValue[]): readonly JsonObject[] {
  const found: JsonObject[] = [];
  const visit = (object: JsonValue): void => {
    if (!isObject(object)) return;
    const items = getOwn(object, "items");
    if (Array.isArray(items)) for (const item of items) visit(item);
    else if (object.kind === "MutatingWebhookConfiguration" && entriesOf(object).some(isIstios))
      found.push(object);
  };
  for (const object of objects) visit(object);
  return found.sort((a, b) => (metadataText(a, "name") < metadataText(b, "name") ? -1 : 1));
}

/**
 * Whether the API server would call the injector for a pod, entry by entry. The label `kubernetes.io/metadata.name`, which
 * the API server gives every namespace, must be among the namespace's labels.
 */
export function webhookVerdict(
  configuration: JsonObject,
  namespaceLabels: Labels,
  podLabels: Labels,
): WebhookVerdict {
  const entries = entriesOf(configuration).map((entry) => judge(entry, namespaceLabels, podLabels));
  return {
    configuration: metadataText(configuration, "name"),
    revision: metadataText(configuration, "labels", "istio.io/rev"),
    tag: metadataText(configuration, "labels", "istio.io/tag"),
    called: entries.some(({ matches }) => matches),
    reason: reasonOf(entriesOf(configuration), entries, namespaceLabels, podLabels),
    entries,
  };
}

function entriesOf(configuration: JsonObject): readonly JsonObject[] {
  const entries = getOwn(configuration, "webhooks");
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

function isIstios(entry: JsonObject): boolean {
  return typeof entry.name === "string" && entry.name.endsWith("istio.io");
}

function metadataText(object: JsonObject, ...path: readonly string[]): string {
  const value = ["metadata", ...path].reduce<JsonValue | undefined>(
    (tree, key) => (isObject(tree) ? getOwn(tree, key) : undefined),
    object,
  );
  return typeof value === "string" ? value : "";
}

/** A selector that is not there matches everything, as the API server's default does. */
function selectorOf(entry: JsonObject, key: string): SelectorResult {
  return compileSelector(getOwn(entry, key) ?? {});
}

function judge(entry: JsonObject, namespaceLabels: Labels, podLabels: Labels): EntryVerdict {
  const namespaceSelector = selectorOf(entry, "namespaceSelector");
  const objectSelector = selectorOf(entry, "objectSelector");
  const namespaceMatches = namespaceSelector.ok && namespaceSelector.matches(namespaceLabels);
  const objectMatches = objectSelector.ok && objectSelector.matches(podLabels);
  const coversPods = rulesCoverPods(getOwn(entry, "rules"));
  const namespaceLabel = decidingLabel(getOwn(entry, "namespaceSelector"), namespaceLabels);
  const podLabel = decidingLabel(getOwn(entry, "objectSelector"), podLabels);
  return {
    name: typeof entry.name === "string" ? entry.name : "",
    namespaceMatches,
    objectMatches,
    coversPods,
    matches: namespaceMatches && objectMatches && coversPods,
    ...(namespaceLabel === undefined ? {} : { namespaceLabel }),
    ...(podLabel === undefined ? {} : { podLabel }),
    matchConditions: conditionsOf(entry),
    namespaceSelector: selectorText(namespaceSelector),
    objectSelector: selectorText(objectSelector),
  };
}

function selectorText(selector: SelectorResult): string {
  if (!selector.ok) return `invalid: ${selector.error}`;
  return selector.empty ? "everything" : selector.text;
}

function conditionsOf(entry: JsonObject): readonly string[] {
  const conditions = getOwn(entry, "matchConditions");
  if (!Array.isArray(conditions)) return [];
  return conditions
    .filter(isObject)
    .map(({ expression }) => (typeof expression === "string" ? expression : ""));
}

/** An entry without rules is taken from a fragment: its rules are then not held against it. */
function rulesCoverPods(rules: JsonValue | undefined): boolean {
  if (rules === undefined) return true;
  if (!Array.isArray(rules)) return false;
  return rules
    .filter(isObject)
    .some(
      (rule) =>
        has(rule, "operations", ["CREATE", "*"]) &&
        has(rule, "apiGroups", ["", "*"]) &&
        has(rule, "apiVersions", ["v1", "*"]) &&
        has(rule, "resources", ["pods", "*", "*/*"]),
    );
}

function has(rule: JsonObject, key: string, values: readonly string[]): boolean {
  const list = getOwn(rule, key);
  return Array.isArray(list) && list.some((item) => typeof item === "string" && values.includes(item));
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

function requirementsOf(selector: JsonValue | undefined): readonly Requirement[] {
  if (!isObject(selector)) return [];
  const labels = getOwn(selector, "matchLabels");
  const expressions = getOwn(selector, "matchExpressions");
  const exact = isObject(labels)
    ? Object.entries(labels).map(([key, value]) => ({ key, operator: "In", values: [String(value)] }))
    : [];
  const others = Array.isArray(expressions) ? expressions.filter(isObject).map(readRequirement) : [];
  return [...exact, ...others];
}

function readRequirement(expression: JsonObject): Requirement {
  const values = getOwn(expression, "values");
  return {
    key: String(expression.key),
    operator: String(expression.operator),
    values: Array.isArray(values) ? values.map(String) : [],
  };
}

/** The first label that a selector names values for and the object carries. */
function decidingLabel(selector: JsonValue | undefined, labels: Labels): string | undefined {
  const found = requirementsOf(selector).find(
    ({ key, operator }) => (operator === "In" || operator === "NotIn") && Object.hasOwn(labels, key),
  );
  return found === undefined ? undefined : `${found.key}=${labels[found.key]}`;
}

/** The first entry with something to say decides, as in check-inject. */
function reasonOf(
  entries: readonly JsonObject[],
  verdicts: readonly EntryVerdict[],
  namespaceLabels: Labels,
  podLabels: Labels,
): string {
  for (const [index, verdict] of verdicts.entries()) {
    const entry = entries[index] ?? {};
    const reason = verdict.namespaceMatches
      ? verdict.objectMatches
        ? matchReason(verdict)
        : preventedByPod(entry, podLabels)
      : verdict.objectMatches
        ? preventedByNamespace(namespaceLabels)
        : undefined;
    if (reason !== undefined) return reason;
  }
  if (verdicts.some(({ matches }) => matches)) return "Every namespace and every pod matches";
  if (entries.some(isDeactivated))
    return "The injection webhook is deactivated, and will never match labels.";
  const wanted = (key: string): string =>
    entries.flatMap((entry) => wantedLabels(getOwn(entry, key))).join(", ");
  return `No matching namespace labels (${wanted("namespaceSelector")}) or pod labels (${wanted("objectSelector")})`;
}

function matchReason({ namespaceLabel, podLabel }: EntryVerdict): string | undefined {
  if (namespaceLabel === undefined)
    return podLabel === undefined ? undefined : `Pod label ${podLabel} matches`;
  if (podLabel !== undefined)
    return `Namespace label ${namespaceLabel} matches, and pod label ${podLabel} matches`;
  const everywhere = namespaceLabel.includes("kubernetes.io/metadata.name")
    ? " (Automatic injection is enabled in all namespaces)."
    : "";
  return `Namespace label ${namespaceLabel} matches${everywhere}`;
}

function preventedByPod(entry: JsonObject, podLabels: Labels): string | undefined {
  const found = requirementsOf(getOwn(entry, "objectSelector")).find(({ key, operator, values }) => {
    if (!Object.hasOwn(podLabels, key)) return false;
    return operator === "DoesNotExist" || (operator === "NotIn" && values.includes(podLabels[key] ?? ""));
  });
  return found === undefined
    ? undefined
    : `Pod has ${found.key}=${podLabels[found.key]} label, preventing injection`;
}

function preventedByNamespace(labels: Labels): string | undefined {
  const value = Object.hasOwn(labels, "istio-injection") ? labels["istio-injection"] : undefined;
  if (value === undefined || value === "enabled") return undefined;
  return `Namespace has istio-injection=${value} label, preventing injection`;
}

function isDeactivated(entry: JsonObject): boolean {
  const never = (key: string): boolean =>
    requirementsOf(getOwn(entry, key)).some(
      ({ key: label, values }) => label === "istio.io/deactivated" && values.includes("never-match"),
    );
  return never("namespaceSelector") && never("objectSelector");
}

function wantedLabels(selector: JsonValue | undefined): readonly string[] {
  return requirementsOf(selector).flatMap(({ key, operator, values }) =>
    operator === "In" ? values.map((value) => `${key}=${value}`) : [],
  );
}
