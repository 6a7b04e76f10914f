import type { JsonValue } from "../json/index.js";
import type { FieldValue, Message } from "./message.js";
import { type ReadOptions, readMessage } from "./read-message.js";
import { proxyConfigSchema } from "./schemas.js";

/** Headers that a layer inherits when its own proxyHeaders leave them unset. The other ones are not inherited. */
const inheritedHeaders = ["forwardedClientCert", "requestId", "attemptCount", "server", "envoyDebugHeaders"];

/**
 * Reads a tree over a ProxyConfig: each field that is given replaces the whole field, explicit zeros too, except that
 * proxyMetadata is merged by key and proxyHeaders inherits. As Istio reads `defaultConfig` of a mesh config, and the pod's annotation offline.
 */
export function applyProxyConfig(
  base: Message,
  tree: JsonValue,
  options: Omit<ReadOptions, "base"> = {},
): Message {
  return keepMerged(base, readMessage(proxyConfigSchema, tree, { ...options, base }));
}

/**
 * Lays a ProxyConfig over another as {@link applyProxyConfig} does, but by what its JSON says: zero scalars are not in it,
 * so they do not override. Wrappers and messages that are set do. As the webhook layers its sources.
 */
export function overlayProxyConfig(lower: Message, higher: Message): Message {
  const changes: [string, FieldValue][] = [];
  for (const [field, value] of higher.entries()) changes.push([field.jsonName, value]);
  return changes.length === 0 ? lower : keepMerged(lower, lower.withAll(changes));
}

function keepMerged(lower: Message, merged: Message): Message {
  if (merged === lower) return lower;
  const changes: Record<string, FieldValue> = {};
  const metadata = lower.map("proxyMetadata");
  if (metadata.size > 0 && merged.get("proxyMetadata") !== metadata) {
    changes.proxyMetadata = new Map([...metadata, ...merged.map("proxyMetadata")]);
  }
  const headers = merged.message("proxyHeaders");
  const inherited = lower.message("proxyHeaders");
  if (headers !== undefined && inherited !== undefined && headers !== inherited) {
    const missing = inheritedHeaders.filter((name) => !headers.has(name) && inherited.has(name));
    changes.proxyHeaders = headers.withAll(missing.map((name) => [name, inherited.get(name)]));
  }
  return merged.with(changes);
}
