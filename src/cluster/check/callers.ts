import { webhookVerdict } from "../../injection/index.js";
import { type JsonObject, objectsAt, textOrEmpty, textsAt } from "../../json/index.js";
import { isOwnEntry } from "../webhook-configuration.js";
import type { Installation } from "./installation.js";

type Labels = Readonly<Record<string, string>>;

/** A namespace, as far as selectors look at one. */
export interface NamespaceFacts {
  readonly name: string;
  /** With `kubernetes.io/metadata.name`, which the API server gives every namespace. */
  readonly labels: Labels;
}

/** An entry by which the API server calls the injector for a pod. */
export interface Caller {
  readonly configuration: string;
  readonly entry: string;
  readonly failurePolicy: string;
  readonly reinvocationPolicy: string;
}

/** Reads a Namespace's metadata. */
export function namespaceFacts(object: JsonObject): NamespaceFacts {
  const name = textOrEmpty(object, "metadata", "name");
  const labels = textsAt(object, "metadata", "labels");
  return { name, labels: { ...labels, "kubernetes.io/metadata.name": name } };
}

/**
 * The entries of an injector that match a pod. Of matchConditions the chart's own is evaluated, which leaves namespaces
 * out by their names; of others it is taken that they hold.
 */
export function callersOf(
  { configurations, own }: Installation,
  { name, labels }: NamespaceFacts,
  podLabels: Labels,
): readonly Caller[] {
  return configurations.flatMap((configuration) => {
    const verdict = webhookVerdict(configuration.source, labels, podLabels);
    const matching = verdict.entries.filter(
      (entry) => entry.matches && !entry.matchConditions.some((text) => leavesOut(text, name)),
    );
    return configuration.entries
      .filter((entry) => isOwnEntry(entry, own) && matching.some((one) => one.name === entry.name))
      .map((entry) => ({
        configuration: configuration.name,
        entry: entry.name,
        failurePolicy: textOrEmpty(entry.source, "failurePolicy") || "Fail",
        reinvocationPolicy: textOrEmpty(entry.source, "reinvocationPolicy") || "Never",
      }));
  });
}

function leavesOut(expression: string, namespace: string): boolean {
  const list = /^!\s*\(\s*request\.namespace in \[([^\]]*)\]\s*\)$/.exec(expression.trim())?.[1];
  return list?.split(",").some((item) => item.trim().slice(1, -1) === namespace) === true;
}

/** Asks {@link callersOf} once for pods that selectors cannot tell apart: thousands of pods have few kinds of labels. */
export function rememberCallers(
  installation: Installation,
): (namespace: NamespaceFacts, podLabels: Labels) => readonly Caller[] {
  const keys = [...new Set(installation.configurations.flatMap(({ source }) => selectedKeys(source)))];
  const known = new Map<string, readonly Caller[]>();
  return (namespace, podLabels) => {
    const seen = keys.map((key) => (Object.hasOwn(podLabels, key) ? podLabels[key] : null));
    const key = JSON.stringify([namespace.name, seen]);
    const found = known.get(key) ?? callersOf(installation, namespace, podLabels);
    known.set(key, found);
    return found;
  };
}

/** The labels of pods that the selectors of a configuration look at. */
function selectedKeys(configuration: JsonObject): readonly string[] {
  return objectsAt(configuration, "webhooks").flatMap((entry) => [
    ...Object.keys(textsAt(entry, "objectSelector", "matchLabels")),
    ...objectsAt(entry, "objectSelector", "matchExpressions").map((one) => textOrEmpty(one, "key")),
  ]);
}
