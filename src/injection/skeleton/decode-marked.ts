import type { MarkedScalar, ScalarPattern } from "../../goyaml/index.js";
import { decodePartialPod, type JsonObject, KubeError } from "../../kube/index.js";
import { countMarks, type Mark, type Marks, markAt, replaceMarks } from "./marks.js";

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
  for (let current: MarkedPod = { tree, marks }; ; ) {
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
      current =
        (error.code === "quantity-invalid" ? withQuantity(current, mark) : undefined) ??
        withoutMarks(current, [mark]);
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

/** The pod with a mark that is a quantity, and so decodes, in the place of another; undefined when that cannot be. */
function withQuantity({ tree, marks }: MarkedPod, mark: Mark): MarkedPod | undefined {
  const scalar = marks.get(mark);
  if (scalar === undefined || !quantity.test(String(scalar.value))) return undefined;
  const replacement = `${firstQuantity + [...marks.keys()].indexOf(mark)}m`;
  if (countMarks(tree, new Map([[replacement, scalar]])).size > 0) return undefined;
  return {
    tree: replaceMarks(tree, new Map([[mark, replacement]])),
    marks: new Map(
      [...marks].map((entry) => (entry[0] === mark ? [replacement, ofQuantities(scalar)] : entry)),
    ),
  };
}

function ofQuantities({ pattern, value }: MarkedScalar): MarkedScalar {
  const read: ScalarPattern["read"] = (strings) => {
    const found = pattern.read(strings);
    return typeof found === "string" && quantity.test(found) ? found : undefined;
  };
  return { pattern: { ...pattern, read }, value };
}
