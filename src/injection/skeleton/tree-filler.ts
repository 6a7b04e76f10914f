import { deepFreeze, isObject, type JsonObject, type JsonValue, setOwn } from "../../json/index.js";

/** Makes a tree from the values of its marks. What leads to no mark is shared by all trees, and frozen. */
export type FillTree = (values: readonly JsonValue[]) => JsonValue;

/** Turns a tree into the way to fill it. `places` tells for each mark in the tree which of the values it stands for. */
export function treeFiller(tree: JsonValue, places: ReadonlyMap<unknown, number>): FillTree {
  const fill = fillerOf(tree, places);
  if (fill !== undefined) return fill;
  deepFreeze(tree);
  return () => tree;
}

/** Undefined for what holds no mark. */
function fillerOf(tree: JsonValue, places: ReadonlyMap<unknown, number>): FillTree | undefined {
  if (Array.isArray(tree)) return listFiller(tree, places);
  if (isObject(tree)) return objectFiller(tree, places);
  const place = places.get(tree);
  return place === undefined ? undefined : (values) => values[place] ?? null;
}

interface Change<Key> {
  readonly key: Key;
  readonly fill: FillTree;
}

function listFiller(list: JsonValue[], places: ReadonlyMap<unknown, number>): FillTree | undefined {
  const changes: Change<number>[] = [];
  for (const [key, item] of list.entries()) {
    const fill = fillerOf(item, places);
    if (fill === undefined) continue;
    changes.push({ key, fill });
  }
  if (changes.length === 0) return undefined;
  freezeOthers(list, changes);
  return (values) => {
    const copy = list.slice();
    for (const { key, fill } of changes) copy[key] = fill(values);
    return copy;
  };
}

function objectFiller(object: JsonObject, places: ReadonlyMap<unknown, number>): FillTree | undefined {
  const changes: Change<string>[] = [];
  for (const key of Object.keys(object)) {
    const fill = fillerOf(object[key] ?? null, places);
    if (fill !== undefined) changes.push({ key, fill });
  }
  if (changes.length === 0) return undefined;
  freezeOthers(object, changes);
  return (values) => {
    const copy = { ...object };
    for (const { key, fill } of changes) setOwn(copy, key, fill(values));
    return copy;
  };
}

function freezeOthers(tree: JsonValue[] | JsonObject, changes: readonly Change<string | number>[]): void {
  const changing = new Set(changes.map(({ key }) => String(key)));
  for (const [key, item] of Object.entries(tree)) if (!changing.has(key)) deepFreeze(item);
}
