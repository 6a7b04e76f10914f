import { isObject, type JsonValue } from "../kube/index.js";
import { directive } from "./directive.js";
import { goPrint } from "./go-print.js";
import { keyOf } from "./item-index.js";
import { StrategicMergeError } from "./strategic-merge-error.js";

/**
 * Checks that the items of a patch's list stand in the order that its `$setElementOrder` gives. Items with a `$patch` do not count.
 * Throws StrategicMergeError `order-mismatch`.
 */
export function checkOrder(items: readonly JsonValue[], order: readonly JsonValue[], mergeKey: string): void {
  const kept = items.filter((item) => mergeKey === "" || !isOrder(item));
  let next = 0;
  for (const wanted of order) {
    const item = kept[next];
    if (item === undefined) return;
    if (keyOf(item, mergeKey) === keyOf(wanted, mergeKey)) next++;
  }
  if (next >= kept.length) return;
  throw new StrategicMergeError(
    "order-mismatch",
    `The order in patch list:\n${goPrint([...items])}\n doesn't match $setElementOrder list:\n${goPrint([...order])}\n`,
  );
}

/** Items with a `$patch` are orders; they have no place in the list. */
function isOrder(item: JsonValue): boolean {
  return isObject(item) && Object.hasOwn(item, directive.patch);
}
