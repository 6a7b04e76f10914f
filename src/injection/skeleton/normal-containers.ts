import { getOwn, isObject, type JsonObject, type JsonValue, setOwn } from "../../json/index.js";
import { normalizeDecoded } from "../../kube/index.js";
import { marksInResources } from "./decode-marked.js";
import { countMarks, type Marks } from "./marks.js";
import { treeFiller } from "./tree-filler.js";
import { treeWriter, type WriteTree } from "./tree-writer.js";

type Values = readonly (string | number)[];

/** A container of a skeleton in the form that Go's encoder gives it, whatever its marks stand for, unless that is a zero. */
export interface NormalContainer {
  /** What stands in its place in a partial pod. */
  in(partial: JsonObject): JsonValue | undefined;
  /** `filled` is what stands in its place in the partial pod of these values: what is the same in both is shared. */
  fill(values: Values, filled: JsonObject): JsonObject;
  /** The JSON text of what `fill` makes of these values. */
  write(values: Values): string;
}

/** The containers of a plain tree with marks in it whose form is known before the marks are filled. */
export function normalContainers(
  tree: JsonObject,
  marks: Marks,
  places: ReadonlyMap<unknown, number>,
): NormalContainer[] {
  return ["initContainers", "containers"].flatMap((list) =>
    containersIn(tree, list).flatMap((container, index) => {
      if (!isObject(container)) return [];
      const normal = normalWithMarks(container, marks);
      if (normal === undefined) return [];
      let write: WriteTree | undefined;
      return {
        in: (partial: JsonObject) => containersIn(partial, list)[index],
        fill: normalFiller(normal, container, marks, places),
        write(values: Values) {
          write ??= treeWriter(normal, places);
          return write(values);
        },
      };
    }),
  );
}

function normalFiller(
  normal: JsonObject,
  container: JsonObject,
  marks: Marks,
  places: ReadonlyMap<unknown, number>,
): NormalContainer["fill"] {
  const changes = Object.keys(normal).flatMap((key) => {
    const member = normal[key] ?? null;
    const fill = treeFiller(member, places);
    if (countMarks(member, marks).size === 0) return [];
    return { key, fill: member === getOwn(container, key) ? undefined : fill };
  });
  if (changes.length === 0) Object.freeze(normal);
  return (values, filled) => {
    if (changes.length === 0) return normal;
    const copy = { ...normal };
    for (const { key, fill } of changes)
      setOwn(copy, key, fill === undefined ? (filled[key] ?? null) : fill(values));
    return copy;
  };
}

function containersIn(pod: JsonObject, list: string): readonly JsonValue[] {
  const spec = getOwn(pod, "spec");
  const containers = isObject(spec) ? getOwn(spec, list) : undefined;
  return Array.isArray(containers) ? containers : [];
}

/** Undefined where the form depends on what a mark stands for: that of a quantity does. */
function normalWithMarks(container: JsonObject, marks: Marks): JsonObject | undefined {
  if (marksInResources(container, marks).length > 0) return undefined;
  const normal = normalizeDecoded("Container", container);
  const before = countMarks(container, marks);
  const after = countMarks(normal, marks);
  const same = [...before].every(([mark, count]) => after.get(mark) === count);
  return same ? normal : undefined;
}
