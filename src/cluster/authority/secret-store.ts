import type { StoredSecret } from "../../certificates/index.js";
import { getOwn, isObject, type JsonObject } from "../../json/index.js";
import type { ApiClient, WriteRequest } from "../api-client.js";
import { versionOf } from "./newest-objects.js";

/** Which Secret. */
export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/** Reads a Secret's data as text. */
export function storedSecret(object: JsonObject): StoredSecret {
  const data = getOwn(object, "data");
  const texts = Object.entries(isObject(data) ? data : {}).map(([key, value]) => [
    key,
    typeof value === "string" ? Buffer.from(value, "base64").toString("utf8") : "",
  ]);
  return { resourceVersion: versionOf(object), data: Object.fromEntries(texts) };
}

/**
 * Makes the Secret, or replaces its data and nothing else. Gives it as it is now.
 *
 * @param before what it is to replace, which carries the version; undefined: it must not exist
 * @throws ClusterError; status 409 when somebody else was quicker
 */
export function writeSecret(
  client: ApiClient,
  { namespace, name }: SecretName,
  data: Readonly<Record<string, string>>,
  before: JsonObject | undefined,
  signal: AbortSignal,
): Promise<JsonObject> {
  const encoded = Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")]),
  );
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
  const labels = { "app.kubernetes.io/managed-by": "pillion", "app.kubernetes.io/component": "injector" };
  const made: JsonObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, labels },
    type: "Opaque",
  };
  const request: WriteRequest =
    before === undefined
      ? { method: "POST", path, body: { ...made, data: encoded } }
      : {
          method: "PUT",
          path: `${path}/${encodeURIComponent(name)}`,
          body: { ...before, data: encoded },
        };
  return client.write(request, signal);
}
