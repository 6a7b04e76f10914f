import { getOwn, isObject, type JsonValue, objectOrEmpty, textOrEmpty } from "../json/index.js";
import { MeshError } from "./mesh-error.js";
import { Message } from "./message.js";
import { type MeshWarning, readMessage } from "./read-message.js";
import { proxyConfigResourceSchema, proxyConfigSchema } from "./schemas.js";

/** A custom resource networking.istio.io ProxyConfig, read. */
export interface ProxyConfigResource {
  readonly namespace: string;
  readonly name: string;
  /** Milliseconds since 1970; 0 when the resource does not say, which makes it the oldest. */
  readonly created: number;
  /** The label istio.io/rev; undefined when the resource is for every revision. */
  readonly revision: string | undefined;
  /** Undefined: for the whole namespace. Empty: for nothing (an odd but deliberate rule of Istio's). */
  readonly matchLabels: ReadonlyMap<string, string> | undefined;
  /** What it lays over a pod's ProxyConfig: concurrency, proxyMetadata and image. */
  readonly overlay: Message;
}

/**
 * Reads a ProxyConfig resource from its tree. Unknown fields of the spec are left out, with warnings.
 * Throws a {@link MeshError} when the tree is no such resource or a value has the wrong type.
 */
export function parseProxyConfigResource(tree: JsonValue, warnings: MeshWarning[] = []): ProxyConfigResource {
  if (!isObject(tree) || getOwn(tree, "kind") !== "ProxyConfig") {
    throw new MeshError("resource", "Cannot read a ProxyConfig resource: its kind must be ProxyConfig");
  }
  const version = textOrEmpty(tree, "apiVersion");
  if (!version.startsWith("networking.istio.io/")) {
    const found = JSON.stringify(version);
    throw new MeshError(
      "resource",
      `Cannot read a ProxyConfig resource of ${found}: it must be networking.istio.io/v1beta1`,
    );
  }
  const metadata = objectOrEmpty(tree, "metadata");
  const namespace = textOrEmpty(metadata, "namespace");
  const name = textOrEmpty(metadata, "name");
  const source = `ProxyConfig ${namespace}/${name}`;
  const spec = readMessage(proxyConfigResourceSchema, getOwn(tree, "spec") ?? null, {
    source,
    path: "spec",
    warnings,
  });
  const labels = objectOrEmpty(metadata, "labels");
  const created = Date.parse(textOrEmpty(metadata, "creationTimestamp"));
  return {
    namespace,
    name,
    created: Number.isNaN(created) ? 0 : created,
    revision: Object.hasOwn(labels, "istio.io/rev") ? textOrEmpty(labels, "istio.io/rev") : undefined,
    matchLabels: spec.message("selector")?.stringMap("matchLabels"),
    overlay: Message.of(proxyConfigSchema, {
      concurrency: spec.message("concurrency"),
      proxyMetadata: spec.map("environmentVariables"),
      image: spec.message("image"),
    }),
  };
}
