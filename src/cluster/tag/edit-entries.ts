import { getOwn, isObject, type JsonObject } from "../../json/index.js";
import { injectorEntrySuffix } from "../webhook-configuration.js";

/** A webhook configuration with its injector's entries changed, and all else as it was. */
export function editEntries(source: JsonObject, edit: (entry: JsonObject) => JsonObject): JsonObject {
  const webhooks = getOwn(source, "webhooks");
  if (!Array.isArray(webhooks)) return source;
  return {
    ...source,
    webhooks: webhooks.map((entry) => (isObject(entry) && isInjectors(entry) ? edit(entry) : entry)),
  };
}

/** A webhook configuration with an annotation set, or taken away. */
export function withAnnotation(source: JsonObject, key: string, value: string | undefined): JsonObject {
  const metadata = getOwn(source, "metadata");
  const before = isObject(metadata) ? metadata : {};
  const old = getOwn(before, "annotations");
  const { [key]: _replaced, ...others } = isObject(old) ? old : {};
  const annotations = value === undefined ? others : { ...others, [key]: value };
  return { ...source, metadata: { ...before, annotations } };
}

function isInjectors(entry: JsonObject): boolean {
  const name = getOwn(entry, "name");
  return typeof name === "string" && name.endsWith(injectorEntrySuffix);
}
