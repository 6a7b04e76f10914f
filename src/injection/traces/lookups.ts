import { type Lookup, type LooseMap, TypedMap, type Value } from "../../gotemplate/index.js";
import { getOwn, isObject } from "../../json/index.js";
import { KubeView } from "../view/kube-view.js";

const none = {};

function annotationsOf(meta: Value): LooseMap | undefined {
  if (!(meta instanceof KubeView)) return undefined;
  const annotations = getOwn(meta.tree, "annotations");
  return isObject(annotations) ? annotations : none;
}

function stringsOf(map: Value): LooseMap | undefined {
  return map instanceof TypedMap && map.type === "map[string]string" ? map.entries : undefined;
}

/** The functions of templates that look up a key: most pods lack most annotations. */
export const lookups: ReadonlyMap<string, Lookup> = new Map([
  ["annotation", annotationsOf],
  ["isset", stringsOf],
  ["index", stringsOf],
]);
