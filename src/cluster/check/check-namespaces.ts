import { objectsAt, textListAt, textOrEmpty } from "../../json/index.js";
import type { WebhookConfiguration } from "../webhook-configuration.js";
import { callersOf, type NamespaceFacts } from "./callers.js";
import { command, type Finding, fault, fine, unread } from "./finding.js";
import type { Installation } from "./installation.js";
import type { Reading } from "./reading.js";

/** The namespaces in which a pod without any word of its own reaches the injector. */
export function injectedNamespaces(
  installation: Installation,
  namespaces: readonly NamespaceFacts[],
): readonly NamespaceFacts[] {
  return namespaces.filter((namespace) => callersOf(installation, namespace, {}).length > 0);
}

/** The command by which a namespace chooses a revision. */
export function labelCommand(revision: string): string {
  const label = revision === "default" ? "istio-injection=enabled" : `istio.io/rev=${revision}`;
  return command(`kubectl label namespace NAMESPACE ${label}`);
}

/** Which namespaces does an injector take? */
export function checkNamespaces(
  installation: Installation,
  namespaces: Reading<readonly NamespaceFacts[]>,
): readonly Finding[] {
  if (namespaces.kind !== "read") return [unread("namespaces", "Namespaces", namespaces)];
  const { revision } = installation;
  const taken = injectedNamespaces(installation, namespaces.value).map(({ name }) => name);
  const object = `revision ${revision}`;
  return [
    fine("namespaces", {
      object,
      message:
        taken.length === 0
          ? `No namespace is injected yet: ${labelCommand(revision)}.`
          : `${taken.length} of ${namespaces.value.length} namespaces are injected.`,
      items: taken,
    }),
  ];
}

/** Labels of namespaces that do not do what they look like. They are nobody's: told once, whatever the revisions. */
export function checkNamespaceLabels(
  all: readonly WebhookConfiguration[],
  namespaces: Reading<readonly NamespaceFacts[]>,
): readonly Finding[] {
  if (namespaces.kind !== "read") return [];
  const known = new Set(all.filter(isLive).flatMap(claimedRevisions));
  return namespaces.value.flatMap(({ name, labels }) => {
    const revision = labels["istio.io/rev"];
    if (revision === undefined) return [];
    const object = `Namespace ${name}`;
    if (labels["istio-injection"] !== undefined)
      return [
        fault("labels-conflict", {
          object,
          message: `It carries istio-injection=${labels["istio-injection"]} and istio.io/rev=${revision}; the revision has no effect.`,
          remedy: `Remove one: ${command(`kubectl label namespace ${name} istio-injection-`)}.`,
        }),
      ];
    if (known.has(revision)) return [];
    return [
      fault("revision-unknown", {
        object,
        message: `Its label istio.io/rev=${revision} names no revision or tag of any injector, so its pods get no sidecar.`,
        remedy: `Choose one of ${[...known].sort().join(", ") || "none"}: ${command(`kubectl label --overwrite namespace ${name} istio.io/rev=REVISION`)}.`,
      }),
    ];
  });
}

function isLive({ entries }: WebhookConfiguration): boolean {
  return entries.some(({ deactivated }) => !deactivated);
}

/** The values of istio.io/rev that entries ask of namespaces. */
function claimedRevisions({ entries }: WebhookConfiguration): readonly string[] {
  return entries.flatMap(({ namespaceSelector }) =>
    objectsAt(namespaceSelector, "matchExpressions")
      .filter((one) => textOrEmpty(one, "key") === "istio.io/rev" && textOrEmpty(one, "operator") === "In")
      .flatMap((one) => textListAt(one, "values")),
  );
}
