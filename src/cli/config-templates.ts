import { yamlToJson } from "../goyaml/index.js";
import type { SnapshotInput } from "../injection/index.js";
import { getOwn, isObject, type JsonValue } from "../json/index.js";

/** The texts of all templates of a configuration by name, those of the inject config and those added to it. */
export function configTemplates({ injectConfig, templates }: SnapshotInput): ReadonlyMap<string, string> {
  const { text } = injectConfig;
  const tree: JsonValue = typeof text === "string" ? yamlToJson(text) : null;
  const own = isObject(tree) ? getOwn(tree, "templates") : undefined;
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(isObject(own) ? own : {}))
    if (typeof value === "string") texts.set(name, value);
  for (const [name, { text: added }] of templates ?? []) texts.set(name, added);
  return texts;
}
