import type { JsonObject } from "../../json/index.js";
import { injectorEntrySuffix } from "../webhook-configuration.js";

/** The name and the selectors of an entry; all the rest is the same in each entry of an object. */
export interface EntrySelectors {
  /** Such as `rev.namespace.sidecar-injector.istio.io`. */
  readonly name: string;
  readonly namespaceSelector: JsonObject;
  readonly objectSelector: JsonObject;
}

const noLegacy = { key: "istio-injection", operator: "DoesNotExist" };
const noRevision = { key: "istio.io/rev", operator: "DoesNotExist" };
const notRefused = { key: "sidecar.istio.io/inject", operator: "NotIn", values: ["false"] };
const ignoredNamespaces = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

/** The tag, and the revision, that the label `istio-injection` stands for. */
export const defaultName = "default";

/**
 * The entries by which pods reach a revision or a tag, in Istio's order (docs/behaviour.md#webhook-selectors): by `istio.io/rev` for
 * each, also by `istio-injection` and `sidecar.istio.io/inject` for `default`.
 *
 * @param everywhere for `default` alone: also pods and namespaces that say nothing
 *
 * Decided in ADR 0411.
 */
export function tagEntries(name: string, everywhere: boolean): readonly EntrySelectors[] {
  const revision = { key: "istio.io/rev", operator: "In", values: [name] };
  const byRevision = [
    entry("rev.namespace", [revision, noLegacy], [notRefused]),
    entry("rev.object", [noRevision, noLegacy], [notRefused, revision]),
  ];
  if (name !== defaultName) return byRevision;
  const enabled = { key: "istio-injection", operator: "In", values: ["enabled"] };
  const asked = { key: "sidecar.istio.io/inject", operator: "In", values: ["true"] };
  const unsaid = { key: "sidecar.istio.io/inject", operator: "DoesNotExist" };
  const notIgnored = { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ignoredNamespaces };
  return [
    ...byRevision,
    entry("namespace", [enabled], [notRefused]),
    entry("object", [noLegacy, noRevision], [asked, noRevision]),
    ...(everywhere ? [entry("auto", [noLegacy, noRevision, notIgnored], [unsaid, noRevision])] : []),
  ];
}

function entry(name: string, namespaces: readonly JsonObject[], pods: readonly JsonObject[]): EntrySelectors {
  return {
    name: `${name}.${injectorEntrySuffix}`,
    namespaceSelector: { matchExpressions: [...namespaces] },
    objectSelector: { matchExpressions: [...pods] },
  };
}

/** Whether an object also takes pods of namespaces that say nothing. */
export function isEverywhere(entries: readonly { readonly name: string }[]): boolean {
  return entries.some(({ name }) => name === `auto.${injectorEntrySuffix}`);
}
