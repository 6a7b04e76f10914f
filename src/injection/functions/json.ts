import { goJson } from "../../go/index.js";
import {
  GoFunction,
  GoScalar,
  GoValue,
  goPrint,
  TypedMap,
  TypedSlice,
  type Value,
} from "../../gotemplate/index.js";
import { jsonToYaml } from "../../goyaml/index.js";
import { type JsonObject, type JsonValue, setOwn } from "../../json/index.js";
import { goOrderedJson } from "../../kube/index.js";
import { protoJson, proxyConfigToJson } from "../../mesh/index.js";
import { KubeView } from "../view/kube-view.js";
import { MessageView } from "../view/message-view.js";
import { stringMap, stringPairs } from "./string-map.js";

/** A template's value as a JSON tree. What JSON has no form for becomes its printed text. */
function toTree(value: Value): JsonValue {
  if (value === undefined || value === null) return null;
  if (value instanceof KubeView) return value.tree;
  if (value instanceof MessageView) return JSON.parse(protoJson(value.message));
  if (value instanceof TypedMap) return value.isNil ? null : mapTree(value.entries);
  if (value instanceof TypedSlice) return value.isNil ? null : value.items.map(toTree);
  if (value instanceof GoScalar) return toTree(value.value);
  if (value instanceof GoValue) return value.kind === "ptr" ? null : goPrint(value);
  if (Array.isArray(value)) return value.map(toTree);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return typeof value === "object" ? mapTree(value) : value;
}

function mapTree(map: object): JsonObject {
  const tree: JsonObject = {};
  for (const [key, item] of Object.entries(map)) setOwn(tree, key, toTree(item));
  return tree;
}

/** JSON as encoding/json writes a typed value: fields of Kubernetes' structs in the order of their declaration. */
function structJson(value: Value): string {
  if (value === undefined || value === null) return "{}";
  if (value instanceof KubeView) return goOrderedJson(value.schemaName, value.tree);
  if (value instanceof TypedSlice) return `[${value.items.map(structJson).join(",")}]`;
  if (value instanceof GoValue && value.kind === "ptr" && !(value instanceof MessageView)) return "{}";
  return goJson(toTree(value));
}

function messageJson(value: Value): string {
  return value instanceof MessageView ? proxyConfigToJson(value.message) : "{}";
}

const stringMapType = "map[string]string";

/** What templates call to read and write JSON and YAML, and to handle maps of strings: 5.2. */
export const jsonFunctions: readonly GoFunction[] = [
  new GoFunction("toYaml", "pure", ["any"], false, ([value], context) => {
    try {
      return jsonToYaml(toTree(value));
    } catch (error) {
      context.warn(`toYaml: ${error instanceof Error ? error.message : String(error)}`);
      return "";
    }
  }),
  new GoFunction("toJSON", "pure", [stringMapType], false, ([map]) =>
    goJson(Object.fromEntries(stringPairs(map))),
  ),
  new GoFunction("fromJSON", "pure", ["string"], false, ([text], context) => {
    try {
      const tree: Value = JSON.parse(String(text));
      return tree;
    } catch (error) {
      context.warn(`fromJSON: ${error instanceof Error ? error.message : String(error)}`);
      return "{}";
    }
  }),
  new GoFunction("structToJSON", "pure", ["any"], false, ([value]) => structJson(value)),
  new GoFunction("protoToJSON", "pure", ["any"], false, ([value]) => messageJson(value)),
  new GoFunction("omit", "pure", [stringMapType, "string"], true, ([map, ...keys]) =>
    stringMap(stringPairs(map).filter(([key]) => !keys.includes(key))),
  ),
  new GoFunction("strdict", "pure", ["string"], true, (items) => {
    const pairs: [string, string][] = [];
    for (let index = 0; index < items.length; index += 2)
      pairs.push([String(items[index]), index + 1 < items.length ? String(items[index + 1]) : ""]);
    return stringMap(pairs);
  }),
  new GoFunction("mergeMaps", "pure", [stringMapType], true, (maps) => stringMap(maps.flatMap(stringPairs))),
  new GoFunction("toJsonMap", "pure", [stringMapType], true, (maps) =>
    maps.length === 0 ? "null" : goJson(Object.fromEntries(maps.flatMap(stringPairs))),
  ),
];
