import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { isObject, type JsonObject, type JsonValue, setOwn } from "../../../src/json/index.js";
import { hostileText, hostileValue, inheritedNames } from "./values.js";

type Step = string | number;

/** The tree with some of its nodes changed: replaced, gone, doubled, renamed, wrapped or moved. */
export function mutated(tree: JsonValue, random: Random, most = 5): JsonValue {
  let result = tree;
  for (let left = 1 + Math.floor(random() ** 2 * most); left > 0; left--) {
    const paths = pathsOf(result);
    result = changed(result, oneOf(random, paths), random, paths);
  }
  return result;
}

/** The paths of all nodes but the root. Deep ones are as likely as flat ones, since there are more of them. */
function pathsOf(tree: JsonValue): (readonly Step[])[] {
  const paths: (readonly Step[])[] = [];
  const walk = (node: JsonValue, path: readonly Step[]): void => {
    if (path.length > 0) paths.push(path);
    if (paths.length > 2000 || path.length > 40) return;
    if (Array.isArray(node)) for (const [at, item] of node.entries()) walk(item, [...path, at]);
    else if (isObject(node)) for (const [key, item] of Object.entries(node)) walk(item, [...path, key]);
  };
  walk(tree, []);
  return paths.length === 0 ? [[]] : paths;
}

function nodeAt(tree: JsonValue, path: readonly Step[]): JsonValue {
  let node: JsonValue = tree;
  for (const step of path) {
    if (Array.isArray(node)) node = node[Number(step)] ?? null;
    else node = isObject(node) && Object.hasOwn(node, step) ? (node[step] ?? null) : null;
  }
  return node;
}

function changed(
  tree: JsonValue,
  path: readonly Step[],
  random: Random,
  paths: readonly (readonly Step[])[],
): JsonValue {
  const chance = random();
  if (chance < 0.45)
    return edited(tree, path, (node) =>
      typeof node === "string" && random() < 0.5 ? hostileText(random) : hostileValue(random),
    );
  if (chance < 0.57) return edited(tree, path, () => undefined);
  if (chance < 0.67) return edited(tree, path, (node) => grown(node, random));
  if (chance < 0.75)
    return edited(tree, path, (node) =>
      random() < 0.5 ? [node] : { [oneOf(random, inheritedNames)]: node },
    );
  if (chance < 0.87) return renamed(tree, path, random);
  // What stands elsewhere: mostly of another type, and as good as real.
  const other = nodeAt(tree, oneOf(random, paths));
  return edited(tree, path, () => other);
}

/** More of the same, or something more in it. */
function grown(node: JsonValue, random: Random): JsonValue {
  if (Array.isArray(node)) return [...node, ...node, hostileValue(random)];
  if (!isObject(node)) return typeof node === "string" ? node + hostileText(random) : [node, node];
  const copy = { ...node };
  setOwn(copy, random() < 0.5 ? oneOf(random, inheritedNames) : hostileText(random), hostileValue(random));
  return copy;
}

function renamed(tree: JsonValue, path: readonly Step[], random: Random): JsonValue {
  const key = path.at(-1);
  if (typeof key !== "string") return edited(tree, path, () => hostileValue(random));
  const name = random() < 0.5 ? oneOf(random, inheritedNames) : hostileText(random);
  return edited(tree, path.slice(0, -1), (node) => {
    if (!isObject(node)) return node;
    const copy: JsonObject = {};
    for (const [one, item] of Object.entries(node)) setOwn(copy, one === key ? name : one, item);
    return copy;
  });
}

/** The tree with another node at a path; undefined takes it away. */
function edited(
  tree: JsonValue,
  path: readonly Step[],
  edit: (node: JsonValue) => JsonValue | undefined,
): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return edit(tree) ?? null;
  if (Array.isArray(tree)) {
    return tree.flatMap((item, index) => {
      if (index !== step) return [item];
      const node = rest.length === 0 ? edit(item) : edited(item, rest, edit);
      return node === undefined ? [] : [node];
    });
  }
  if (!isObject(tree)) return tree;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(tree)) {
    const node = key !== step ? item : rest.length === 0 ? edit(item) : edited(item, rest, edit);
    if (node !== undefined) setOwn(copy, key, node);
  }
  return copy;
}

/** Trees that lack one of the parts of this one, the largest parts first. */
export function* withoutParts(tree: JsonValue): Generator<JsonValue> {
  for (const path of pathsOf(tree).sort((a, b) => a.length - b.length)) {
    if (path.length === 0) continue;
    yield edited(tree, path, () => undefined);
  }
  for (const path of pathsOf(tree)) {
    const node = nodeAt(tree, path);
    if (typeof node !== "string" || node.length < 2) continue;
    const half = node.length >> 1;
    yield edited(tree, path, () => node.slice(0, half));
    yield edited(tree, path, () => node.slice(half));
  }
}
