import { getOwn, isObject, type JsonObject, type JsonValue, normalizeDecoded } from "../../kube/index.js";
import { marksInResources } from "./decode-marked.js";
import { countMarks, type Marks } from "./marks.js";
import { treeFiller } from "./tree-filler.js";
import { treeWriter, type WriteTree } from "./tree-writer.js";

/** A container of a skeleton in the form that Go's encoder gives it, whatever its marks stand for, unless that is a zero. */
export interface NormalContainer {
  /** What stands in its place in a partial pod. */
  in(partial: JsonObject): JsonValue | undefined;
  fill(values: readonly (string | number)[]): JsonObject | undefined;
  /** The JSON text of what `fill` makes of these values. */
  write(values: readonly (string | number)[]): string;
}

/** The containers of a plain tree with marks in it whose form is known before the marks are filled. */
export function normalContainers(
  tree: JsonObject,
  marks: Marks,
  places: ReadonlyMap<unknown, number>,
): NormalContainer[] {
  return ["initContainers", "containers"].flatMap((list) =>
    containersIn(tree, list).flatMap((container, index) => {
      const normal = isObject(container) ? normalWithMarks(container, marks) : undefined;
      if (normal === undefined) return [];
      const fill = treeFiller(normal, places);
      let write: WriteTree | undefined;
      return {
        in: (partial: JsonObject) => containersIn(partial, list)[index],
        fill(values: readonly (string | number)[]) {
          const filled = fill(values);
          return isObject(filled) ? filled : undefined;
        },
        write(values: readonly (string | number)[]) {
          write ??= treeWriter(normal, places);
          return write(values);
        },
      };
    }),
  );
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
