import { isObject, type JsonObject, type JsonValue } from "../../src/json/index.js";
import { canonicalObject } from "./compare.js";

/**
 * A pod of the webhook path in the form in which it is compared: canonical, and without the status annotation and the
 * version that the API server fills into field references.
 */
export function comparablePod(pod: JsonObject): JsonValue {
  const text = JSON.stringify(canonicalObject(pod), (key, value) => {
    if (key === "fieldRef" && isObject(value)) return { ...value, apiVersion: undefined };
    return key === "annotations" && isObject(value)
      ? { ...value, "sidecar.istio.io/status": undefined }
      : value;
  });
  return JSON.parse(text);
}
