import { webhookVerdict } from "../../injection/index.js";
import { getOwn, isObject, type JsonObject, textOrEmpty } from "../../json/index.js";
import { injectorEntrySuffix } from "../webhook-configuration.js";
import { callersOf, type NamespaceFacts } from "./callers.js";
import { type Finding, fault, fine, unread } from "./finding.js";
import type { Installation } from "./installation.js";
import type { Reading } from "./reading.js";

/**
 * Which webhooks change pods after the injector has seen them? The API server calls configurations in the order of their
 * names. It matters while the injector is not called again: reinvocationPolicy Never.
 *
 * @param all every MutatingWebhookConfiguration, of injectors or not
 */
export function checkOrder(
  installation: Installation,
  all: readonly JsonObject[],
  namespaces: Reading<readonly NamespaceFacts[]>,
): readonly Finding[] {
  if (namespaces.kind !== "read") return [unread("order", "Namespaces", namespaces)];
  const later = new Map<string, Set<string>>();
  for (const namespace of namespaces.value) {
    const ours = callersOf(installation, namespace, {}).filter(
      ({ reinvocationPolicy }) => reinvocationPolicy === "Never",
    );
    for (const { configuration } of ours)
      for (const other of all.filter((one) => nameOf(one) > configuration && touches(one, namespace)))
        later.set(nameOf(other), (later.get(nameOf(other)) ?? new Set()).add(namespace.name));
  }
  if (later.size === 0)
    return [
      fine("order", {
        object: `revision ${installation.revision}`,
        message: "No other webhook changes pods after the injector has seen them.",
      }),
    ];
  return [...later].map(([name, where]) =>
    fault("later-webhook", {
      object: `MutatingWebhookConfiguration ${name}`,
      message: `It may change pods of ${where.size} injected ${where.size === 1 ? "namespace" : "namespaces"} after the injector: containers and probes that it adds are not seen.`,
      remedy: "Set webhook.reinvocationPolicy=IfNeeded in the chart, if it adds containers, ports or probes.",
      items: [...where],
    }),
  );
}

function nameOf(configuration: JsonObject): string {
  return textOrEmpty(configuration, "metadata", "name");
}

/** Injectors are left out: which of them own the same pods is another check's finding. */
function touches(configuration: JsonObject, { labels }: NamespaceFacts): boolean {
  const entries = getOwn(configuration, "webhooks");
  const others = Array.isArray(entries)
    ? entries.filter(isObject).filter((entry) => !textOrEmpty(entry, "name").endsWith(injectorEntrySuffix))
    : [];
  return webhookVerdict({ ...configuration, webhooks: others }, labels, {}).called;
}
