import { type JsonObject, textAt } from "../../json/index.js";
import type { ApiClient } from "../api-client.js";
import { readNamespaces } from "./tag-api.js";
import { defaultName } from "./tag-entries.js";

/**
 * The namespaces that choose a tag, by the tag, in the order of their names: by the label `istio.io/rev`, or for `default` by
 * `istio-injection: enabled`, which goes before the other (docs/behaviour.md#revision-tags). @throws ClusterError, TagError `forbidden`
 */
export async function tagUses(
  client: ApiClient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const legacy = await readNamespaces(client, "istio-injection", signal);
  const labelled = await readNamespaces(client, "istio.io/rev,!istio-injection", signal);
  const uses = new Map<string, string[]>();
  for (const namespace of [...legacy, ...labelled]) {
    const tag = choiceOf(namespace);
    if (tag !== undefined)
      uses.set(tag, [...(uses.get(tag) ?? []), textAt(namespace, "metadata", "name") ?? ""].sort());
  }
  return uses;
}

function choiceOf(namespace: JsonObject): string | undefined {
  const legacy = textAt(namespace, "metadata", "labels", "istio-injection");
  if (legacy !== undefined) return legacy === "enabled" ? defaultName : undefined;
  return textAt(namespace, "metadata", "labels", "istio.io/rev");
}
