import type { MarkedScalar, ScalarPattern } from "../../goyaml/index.js";
import { isObject, type JsonObject, type JsonValue } from "../../json/index.js";
import { decodePartialPod, KubeError } from "../../kube/index.js";
import { countMarks, isMark, type Mark, type Marks, markAt, replaceMarks } from "./marks.js";

/** A partial pod with marks in it that stand for strings and integers, and what they stand for. */
export interface MarkedPod {
  readonly tree: JsonObject;
  readonly marks: Marks;
}

/**
 * Decodes a tree with marks in it, so that a mark with any value that its pattern reads decodes to that value. Where a
 * quantity is wanted, the pattern reads quantities only. Where decoding looks at the value in another way, such as at a
 * number that it makes a text of, the mark gives way to the value that it stands for.
 * Throws KubeError when the tree is no partial pod whatever the marks stand for.
 */
export function decodeMarked(tree: JsonObject, marks: Marks): MarkedPod {
  for (let current = withQuantities({ tree, marks }, marksInResources(tree, marks)); ; ) {
    const before = countMarks(current.tree, current.marks);
    try {
      const decoded = decodePartialPod(current.tree);
      const after = countMarks(decoded, current.marks);
      const changed = [...current.marks.keys()].filter((mark) => after.get(mark) !== before.get(mark));
      if (changed.length === 0) return { tree: decoded, marks: current.marks };
      current = withoutMarks(current, changed);
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      const mark = markAt(current.tree, error.path, current.marks);
      if (mark === undefined) throw error;
      const fitted = error.code === "quantity-invalid" ? withQuantities(current, [mark]) : current;
      current = fitted === current ? withoutMarks(current, [mark]) : fitted;
    }
  }
}

function withoutMarks({ tree, marks }: MarkedPod, unfit: readonly Mark[]): MarkedPod {
  const values = new Map(unfit.map((mark) => [mark, marks.get(mark)?.value ?? null]));
  return {
    tree: replaceMarks(tree, values),
    marks: new Map([...marks].filter(([mark]) => !values.has(mark))),
  };
}

/** Quantities as people write them, which decoding leaves as they are. */
const quantity = /^[0-9]{1,9}(?:\.[0-9]{1,3})?(?:m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;
/** Marks that are quantities start here and go up. Nobody writes them. */
const firstQuantity = 917_000_001;

/** The marks that are read as quantities, as far as the names above them tell, so that decoding need not fail at each. */
export function marksInResources(tree: JsonValue, marks: Marks, key = "", list = ""): Mark[] {
  if (Array.isArray(tree)) return tree.flatMap((item) => marksInResources(item, marks));
  if (isObject(tree))
    return Object.entries(tree).flatMap(([name, value]) => marksInResources(value, marks, name, key));
  const isQuantity = (list === "limits" || list === "requests") && isMark(tree, marks);
  return isQuantity ? [tree] : [];
}

/** The pod with marks that are quantities, and so decode, in the places of those of these that can be. */
function withQuantities(pod: MarkedPod, chosen: readonly Mark[]): MarkedPod {
  const { tree, marks } = pod;
  const replacements = new Map<Mark, string>();
  const changed = new Map<Mark, MarkedScalar>();
  let number = firstQuantity;
  for (const [mark, scalar] of marks) {
    const { value } = scalar;
    if (chosen.includes(mark) && typeof value === "string" && quantity.test(value)) {
      while (marks.has(`${number}m`)) number += 1;
      const replacement = `${number++}m`;
      replacements.set(mark, replacement);
      changed.set(replacement, ofQuantities(scalar));
    } else changed.set(mark, scalar);
  }
  if (replacements.size === 0) return pod;
  const added = new Map([...changed].filter(([mark]) => !marks.has(mark)));
  return countMarks(tree, added).size > 0 ? pod : { tree: replaceMarks(tree, replacements), marks: changed };
}

function ofQuantities({ pattern, value }: MarkedScalar): MarkedScalar {
  const read: ScalarPattern["read"] = (strings) => {
    const found = pattern.read(strings);
    return typeof found === "string" && quantity.test(found) ? found : undefined;
  };
  return { pattern: { ...pattern, read }, value };
}
