import type { ConfigText } from "../injection/index.js";
import { getOwn, isObject, type JsonObject, type JsonValue, textAt } from "../json/index.js";
import { readDocuments } from "../manifests/index.js";
import { CliError } from "./cli-error.js";

/** What ConfigMaps of Istio hold: of each key the last one found. */
export interface ConfigMapTexts {
  readonly config?: ConfigText;
  readonly values?: ConfigText;
  readonly mesh?: ConfigText;
}

const keys = ["config", "values", "mesh"] as const;

/**
 * Reads the keys `config`, `values` and `mesh` of ConfigMap manifests as kubectl prints them: YAML or JSON, one or
 * several, also in a List. Throws ManifestError for bad YAML and CliError when there is no such ConfigMap.
 */
export function readConfigMaps(file: { text: string; source: string }): ConfigMapTexts {
  const found: { config?: ConfigText; values?: ConfigText; mesh?: ConfigText } = {};
  for (const document of readDocuments(file)) {
    if (document.fault !== undefined) throw document.fault;
    for (const map of configMaps(document.value)) {
      const name = textAt(map, "metadata", "name") ?? "without a name";
      for (const key of keys) {
        const text = textAt(map, "data", key);
        if (text !== undefined)
          found[key] = { text, source: `${file.source} (ConfigMap ${name}, key ${key})` };
      }
    }
  }
  if (Object.keys(found).length === 0) {
    throw new CliError(
      "configuration",
      `${file.source} holds no ConfigMap with a key config, values or mesh; print one with kubectl get configmap -o yaml`,
    );
  }
  return found;
}

function* configMaps(tree: JsonValue): Generator<JsonObject> {
  if (!isObject(tree)) return;
  const items = getOwn(tree, "items");
  if (Array.isArray(items)) for (const item of items) yield* configMaps(item);
  else if (getOwn(tree, "kind") === "ConfigMap") yield tree;
}
