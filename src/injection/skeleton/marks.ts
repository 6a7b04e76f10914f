import type { MarkedScalar } from "../../goyaml/index.js";
import { isObject, type JsonObject, type JsonValue, setOwn } from "../../json/index.js";

/** Stands in a tree for a string or an integer. */
export type Mark = string | number;

/** What the marks of a tree stand for. */
export type Marks = ReadonlyMap<Mark, MarkedScalar>;

/** Whether a leaf of a tree is a mark. */
export function isMark(leaf: JsonValue, marks: Marks): leaf is Mark {
  return (typeof leaf === "string" || typeof leaf === "number") && marks.has(leaf);
}

/** How often each mark is in a tree. */
export function countMarks(tree: JsonValue, marks: Marks): ReadonlyMap<Mark, number> {
  const counts = new Map<Mark, number>();
  const visit = (part: JsonValue) => {
    if (Array.isArray(part)) part.forEach(visit);
    else if (isObject(part)) Object.values(part).forEach(visit);
    else if (isMark(part, marks)) counts.set(part, (counts.get(part) ?? 0) + 1);
  };
  visit(tree);
  return counts;
}

/** The mark at a path in a KubeError's form, such as `spec.containers[0].image`. */
export function markAt(tree: JsonValue, path: string, marks: Marks): Mark | undefined {
  let found: Mark | undefined;
  const visit = (part: JsonValue, place: string) => {
    if (!path.startsWith(place)) return;
    if (Array.isArray(part)) {
      for (const [index, item] of part.entries()) visit(item, `${place}[${index}]`);
    } else if (isObject(part)) {
      for (const [key, item] of Object.entries(part)) visit(item, place === "" ? key : `${place}.${key}`);
    } else if (place === path && isMark(part, marks)) {
      found = part;
    }
  };
  visit(tree, "");
  return found;
}

/** The tree with other values in the places of marks. */
export function replaceMarks(tree: JsonObject, values: ReadonlyMap<unknown, JsonValue>): JsonObject {
  const replaced = (part: JsonValue): JsonValue => {
    if (Array.isArray(part)) return part.map(replaced);
    return isObject(part) ? object(part) : (values.get(part) ?? part);
  };
  const object = (part: JsonObject): JsonObject => {
    const copy: JsonObject = {};
    for (const [key, item] of Object.entries(part)) setOwn(copy, key, replaced(item));
    return copy;
  };
  return object(tree);
}

/** Whether there is no null and no directive of strategic merge in a tree. */
export function isPlain(tree: JsonValue): boolean {
  if (tree === null) return false;
  if (typeof tree !== "object") return true;
  if (!Array.isArray(tree) && Object.keys(tree).some((key) => key.startsWith("$"))) return false;
  return Object.values(tree).every(isPlain);
}
