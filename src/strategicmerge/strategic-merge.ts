import { getOwn, isObject, type JsonObject, type JsonValue, joined, setOwn } from "../json/index.js";
import { excerpt } from "../text/index.js";
import { addedList, addedValue } from "./added-value.js";
import { checkOrder } from "./check-order.js";
import { directive } from "./directive.js";
import { goPrint } from "./go-print.js";
import { deleteFromList, type MergeMap, mergeList } from "./merge-list.js";
import type { MergeField, MergeSchema } from "./merge-schema.js";
import { orderItems } from "./order-items.js";
import { StrategicMergeError } from "./strategic-merge-error.js";

/**
 * Merges a strategic merge patch on an object, as Kubernetes' strategicpatch does: maps merge, null deletes, lists with a merge
 * key merge by item, other lists and values are replaced, directives are obeyed.
 * Null stands for an empty object on both sides. Neither input is changed; the result shares parts with both.
 * `plain` says that `isPlain(patch)` is known to be true, and spares a walk through what the patch adds.
 * Throws StrategicMergeError.
 */
export function strategicMerge(
  original: JsonValue,
  patch: JsonValue,
  schema: MergeSchema,
  plain = false,
): JsonObject {
  return plain
    ? mergePlain(document(original), document(patch), schema)
    : mergeMap(document(original), document(patch), schema);
}

/** `mergeMap` for a patch that is plain: what it adds is taken as it is. */
function mergePlain(original: JsonObject, patch: JsonObject, schema: MergeSchema | undefined): JsonObject {
  const merged = joined(original, patch);
  for (const key of Object.keys(patch)) {
    const before = getOwn(original, key);
    if (before === undefined) continue;
    const both = mergeBoth(before, patch[key] ?? null, key, schema, mergePlain);
    if (both !== undefined) setOwn(merged, key, both);
  }
  return merged;
}

function document(value: JsonValue): JsonObject {
  if (value === null) return {};
  if (!isObject(value)) throw new StrategicMergeError("not-an-object", "invalid JSON document");
  return value;
}

/** Merges two maps. A schema of undefined knows no fields. */
export function mergeMap(
  original: JsonObject,
  patch: JsonObject,
  schema: MergeSchema | undefined,
): JsonObject {
  if (Object.hasOwn(patch, directive.patch)) return obey(patch);
  const merged = retained(original, patch);
  const keys = Object.keys(patch);
  if (!keys.some(isOrder)) {
    for (const key of keys) mergeKey(merged, key, patch[key] ?? null, schema);
    return merged;
  }
  const done = new Set<string>([directive.retainKeys]);
  for (const key of keys) {
    if (key.startsWith(directive.order)) mergeOrdered(merged, patch, key, schema, done);
  }
  for (const key of keys) {
    if (key.startsWith(directive.deleteValues)) deleteValues(merged, patch, key, schema, done);
  }
  for (const key of keys) {
    if (!done.has(key)) mergeKey(merged, key, patch[key] ?? null, schema);
  }
  return merged;
}

function isOrder(key: string): boolean {
  return key.startsWith("$");
}

/** Obeys the `$patch` of a map: the patch without it, or nothing. */
function obey(patch: JsonObject): JsonObject {
  const { [directive.patch]: order, ...rest } = patch;
  if (order === "replace") return rest;
  if (order === "delete") return {};
  throw new StrategicMergeError(
    "directive-invalid",
    `unknown patch type: ${goPrint(order ?? null)} in map: ${goPrint(patch)}`,
  );
}

/** A copy of the original with the keys that the patch lets it keep. */
function retained(original: JsonObject, patch: JsonObject): JsonObject {
  if (!Object.hasOwn(patch, directive.retainKeys)) return { ...original };
  const list = patch[directive.retainKeys];
  const invalid = () => new StrategicMergeError("retain-keys-invalid", "invalid patch format of retainKeys");
  if (!Array.isArray(list)) throw invalid();
  const kept = new Set(list);
  for (const key of Object.keys(patch)) {
    const exempt =
      key === directive.retainKeys ||
      patch[key] === null ||
      key.startsWith(directive.order) ||
      key.startsWith(directive.deleteValues);
    if (!exempt && !kept.has(key)) throw invalid();
  }
  const copy: JsonObject = {};
  for (const key of Object.keys(original)) if (kept.has(key)) setOwn(copy, key, original[key] ?? null);
  return copy;
}

function mergeKey(merged: JsonObject, key: string, value: JsonValue, schema: MergeSchema | undefined): void {
  if (value === null) {
    delete merged[key];
    return;
  }
  const before = getOwn(merged, key);
  const after = mergeValue(before, value, key, schema);
  if (after === undefined) delete merged[key];
  else setOwn(merged, key, after);
}

function mergeValue(
  before: JsonValue | undefined,
  value: JsonValue,
  key: string,
  schema: MergeSchema | undefined,
): JsonValue | undefined {
  return mergeBoth(before, value, key, schema, mergeMap) ?? addedValue(value);
}

/** What two maps or two lists under a key become; undefined where there are not two of them to merge. */
function mergeBoth(
  before: JsonValue | undefined,
  value: JsonValue,
  key: string,
  schema: MergeSchema | undefined,
  merge: MergeMap,
): JsonValue | undefined {
  if (isObject(value) && isObject(before)) return merge(before, value, fieldOf(schema, key).schema);
  if (!Array.isArray(value) || !Array.isArray(before)) return undefined;
  const field = listOf(schema, key);
  return field.mergeKey === undefined ? value : mergeList(before, value, field, merge);
}

function fieldOf(schema: MergeSchema | undefined, key: string): MergeField {
  const field = schema?.field(key);
  if (field !== undefined) return field;
  throw new StrategicMergeError(
    "field-unknown",
    `unable to find api field in struct ${schema?.name ?? "map"} for the json field ${JSON.stringify(excerpt(key))}`,
  );
}

function listOf(schema: MergeSchema | undefined, key: string): MergeField {
  const field = fieldOf(schema, key);
  if (field.list) return field;
  throw new StrategicMergeError(
    "field-unknown",
    `the field ${JSON.stringify(excerpt(key))} of ${schema?.name ?? "map"} is not a list`,
  );
}

/** `$deleteFromPrimitiveList/<list>`: takes values out of a list of plain values. */
function deleteValues(
  merged: JsonObject,
  patch: JsonObject,
  key: string,
  schema: MergeSchema | undefined,
  done: Set<string>,
): void {
  done.add(key);
  const name = key.slice(directive.deleteValues.length);
  const before = getOwn(merged, name);
  const values = patch[key];
  if (values === null) delete merged[name];
  if (!Array.isArray(before) || !Array.isArray(values)) return;
  setOwn(merged, name, deleteFromList(before, values, listOf(schema, name), mergeMap));
}

/** `$setElementOrder/<list>`: merges the list at once and puts it in the order given. */
function mergeOrdered(
  merged: JsonObject,
  patch: JsonObject,
  key: string,
  schema: MergeSchema | undefined,
  done: Set<string>,
): void {
  done.add(key);
  const name = key.slice(directive.order.length);
  const order = list(patch[key]);
  const before = Object.hasOwn(merged, name) ? list(merged[name]) : undefined;
  const change = Object.hasOwn(patch, name) ? list(patch[name]) : undefined;
  const field = listOf(schema, name);
  checkOrder(change ?? [], order, field.mergeKey ?? "");
  const items = orderedItems(before, change, field);
  if (items === undefined) return;
  done.add(name);
  setOwn(merged, name, orderItems(items, order, before ?? [], field.mergeKey ?? ""));
}

/** The items of a list that is to be put in order; undefined when there is no list. */
function orderedItems(
  before: JsonValue[] | undefined,
  change: JsonValue[] | undefined,
  field: MergeField,
): JsonValue[] | undefined {
  if (change === undefined) return before;
  if (before === undefined) return addedList(change, "keep");
  return field.mergeKey === undefined ? change : mergeList(before, change, field, mergeMap);
}

function list(value: JsonValue | undefined): JsonValue[] {
  if (Array.isArray(value)) return value;
  const found = value === null ? "nil" : isObject(value) ? "map" : typeof value;
  throw new StrategicMergeError("directive-invalid", `expected a []interface {}, but received a ${found}`);
}
